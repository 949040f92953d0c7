package dev.goodhart.verify.retrieval;

/**
 * A document that a query found.
 *
 * @param number from 0, in the corpus
 */
record Hit(int number, String id, double score) {}
