package dev.goodhart.audit;

import dev.goodhart.report.Block;
import java.util.List;

/**
 * One thing that an audit measured. A chapter is a record: its components are its figures, under
 * their names in the report's JSON.
 */
public interface Chapter {
  /** Its name in the report's JSON, in kebab case. */
  String key();

  /** Its heading. */
  String title();

  /** What a reader sees, from top to bottom. */
  List<Block> blocks();

  /** What should be known even by those who read no further. */
  List<Finding> findings();
}
