/** The other end: rewards from a server, for programs on the JVM. */
@NullMarked
package dev.goodhart.serve.client;

import org.jspecify.annotations.NullMarked;
