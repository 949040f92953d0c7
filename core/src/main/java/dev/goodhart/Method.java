package dev.goodhart;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record as a method that a spec can name. Its YAML is its constructor:
 *
 * <pre>{@code advantage: { group-normalised: { epsilon: 1e-6 } }}</pre>
 *
 * names the record {@code GroupNormalised(double epsilon)} of the advantage room.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Method {
  /** The key in a spec; by default the record's simple name in kebab case. */
  String name() default "";

  /**
   * The published system that this is, as numbered in {@code methods.yaml}; 0 for a plain building
   * block.
   */
  int id() default 0;

  /** Other published systems whose mechanism is in this record as well. */
  int[] also() default {};

  /** Where the formula comes from. */
  String source() default "";
}
