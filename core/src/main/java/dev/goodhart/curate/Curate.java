package dev.goodhart.curate;

import dev.goodhart.Preference;
import java.util.List;

/** Preference data made better: filtered, de-noised, annotated. The order of what stays is kept. */
public interface Curate {
  List<Preference> of(List<Preference> preferences);
}
