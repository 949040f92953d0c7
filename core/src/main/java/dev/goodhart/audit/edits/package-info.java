/**
 * Changes to a response of which it is known whether they change what it is worth. A reward should
 * not move under some of them and should fall under the others.
 */
@NullMarked
package dev.goodhart.audit.edits;

import org.jspecify.annotations.NullMarked;
