package dev.goodhart.report;

/** Plain text; a blank line in it starts a new paragraph. */
public record Paragraph(String text) implements Block {}
