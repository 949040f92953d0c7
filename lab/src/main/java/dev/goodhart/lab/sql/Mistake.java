package dev.goodhart.lab.sql;

import dev.goodhart.lab.sql.TemplateQuery.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What a policy gets wrong in a query; each changes another component. */
public enum Mistake {
  /** Another numeric column of the child is aggregated. */
  COLUMN,
  /** Another aggregate. */
  AGGREGATE,
  /** The last condition is left out. */
  FILTER,
  /** The first condition compares the other way round. */
  OPERATOR,
  /** The first condition's text has a letter too many: nothing meets it. */
  EMPTY,
  /** The tables are joined on the child's own id. */
  JOIN,
  /** Grouped where nobody asked, or not grouped where somebody did. */
  GROUP,
  /** No SQL. */
  BROKEN;

  /** The query with this mistake in it, or empty where it cannot be made. */
  public Optional<TemplateQuery> in(TemplateQuery q, SplittableRandom random) {
    List<Condition> conditions = new ArrayList<>(q.conditions());
    return switch (this) {
      case COLUMN -> {
        if (q.aggregate().equals("COUNT")) {
          yield Optional.empty();
        }
        List<String> others =
            q.schema().childNumbers().stream().filter(c -> !c.equals(q.column())).toList();
        yield Optional.of(
            new TemplateQuery(
                q.schema(),
                q.aggregate(),
                others.get(random.nextInt(others.size())),
                conditions,
                q.ownKey(),
                q.grouped(),
                q.broken()));
      }
      case AGGREGATE -> {
        List<String> others =
            QueryTask.AGGREGATES.stream()
                .filter(a -> !a.equals(q.aggregate()) && !a.equals("COUNT"))
                .toList();
        String column = q.column().isEmpty() ? q.schema().childNumbers().getFirst() : q.column();
        yield Optional.of(
            new TemplateQuery(
                q.schema(),
                others.get(random.nextInt(others.size())),
                column,
                conditions,
                q.ownKey(),
                q.grouped(),
                q.broken()));
      }
      case FILTER -> {
        if (conditions.isEmpty()) {
          yield Optional.empty();
        }
        conditions.removeLast();
        yield Optional.of(q.withConditions(conditions));
      }
      case OPERATOR -> {
        for (int i = 0; i < conditions.size(); i++) {
          Condition c = conditions.get(i);
          if (!c.operator().equals("=")) {
            String other = c.operator().equals(">") ? "<" : ">";
            conditions.set(i, new Condition(c.ofParent(), c.column(), other, c.literal()));
            yield Optional.of(q.withConditions(conditions));
          }
        }
        yield Optional.empty();
      }
      case EMPTY -> {
        for (int i = 0; i < conditions.size(); i++) {
          Condition c = conditions.get(i);
          if (c.literal().startsWith("'")) {
            String other = "'" + c.literal().substring(1, c.literal().length() - 1) + "s'";
            conditions.set(i, new Condition(c.ofParent(), c.column(), c.operator(), other));
            yield Optional.of(q.withConditions(conditions));
          }
        }
        yield Optional.empty();
      }
      case JOIN ->
          q.joined()
              ? Optional.of(
                  new TemplateQuery(
                      q.schema(),
                      q.aggregate(),
                      q.column(),
                      conditions,
                      true,
                      q.grouped(),
                      q.broken()))
              : Optional.empty();
      case GROUP ->
          Optional.of(
              new TemplateQuery(
                  q.schema(),
                  q.aggregate(),
                  q.column(),
                  conditions,
                  q.ownKey(),
                  !q.grouped(),
                  q.broken()));
      case BROKEN ->
          Optional.of(
              new TemplateQuery(
                  q.schema(),
                  q.aggregate(),
                  q.column(),
                  conditions,
                  q.ownKey(),
                  q.grouped(),
                  true));
    };
  }
}
