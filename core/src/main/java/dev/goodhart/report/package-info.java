/**
 * Self-contained HTML reports: pages of paragraphs, tables and small SVG charts that need no
 * script, no font and no network, and read well on a phone, in the dark and on paper. Everything a
 * table or chart says is escaped: a report shows what models wrote, and models write HTML.
 */
@NullMarked
package dev.goodhart.report;

import org.jspecify.annotations.NullMarked;
