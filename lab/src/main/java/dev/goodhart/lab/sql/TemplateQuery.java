package dev.goodhart.lab.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A query in the world's one form: an aggregate over the child's rows that meet some conditions, by
 * group if asked for. What a mistake changes is one of its components.
 *
 * @param aggregate {@code COUNT}, {@code SUM}, {@code AVG}, {@code MIN} or {@code MAX}
 * @param column the numeric column of the child that is aggregated; {@code COUNT} has none
 * @param conditions all of which must hold
 * @param ownKey whether the join, where one is needed, is on the child's own id: a mistake
 * @param grouped whether the result is one row for each of the child's kinds
 * @param broken whether the text lacks its {@code FROM}: a mistake
 */
public record TemplateQuery(
    QuerySchema schema,
    String aggregate,
    String column,
    List<Condition> conditions,
    boolean ownKey,
    boolean grouped,
    boolean broken) {
  /**
   * A comparison with a literal.
   *
   * @param ofParent whether the column is the parent's
   * @param literal as it stands in SQL: a number, or a text in quotes
   */
  public record Condition(boolean ofParent, String column, String operator, String literal) {
    private Condition flipped() {
      String mirrored = operator.equals(">") ? "<" : operator.equals("<") ? ">" : operator;
      return new Condition(ofParent, column, mirrored, literal);
    }
  }

  public TemplateQuery {
    conditions = List.copyOf(conditions);
  }

  boolean joined() {
    return conditions.stream().anyMatch(Condition::ofParent);
  }

  /** The query as SQL. */
  public String sql() {
    String child = schema.child();
    String parent = schema.parent();
    String value = aggregate.equals("COUNT") ? "*" : child + "." + column;
    StringBuilder sql = new StringBuilder("SELECT ");
    sql.append(grouped ? child + "." + schema.childKind() + ", " : "");
    sql.append(aggregate).append('(').append(value).append(") ");
    sql.append(broken ? "" : "FROM ").append(child);
    if (joined()) {
      sql.append(" JOIN ").append(parent).append(" ON ").append(child).append('.');
      sql.append(ownKey ? "id" : schema.key()).append(" = ").append(parent).append(".id");
    }
    List<String> tests = new ArrayList<>();
    for (Condition c : conditions) {
      tests.add(
          "%s.%s %s %s"
              .formatted(c.ofParent() ? parent : child, c.column(), c.operator(), c.literal()));
    }
    sql.append(tests.isEmpty() ? "" : " WHERE " + String.join(" AND ", tests));
    sql.append(grouped ? " GROUP BY " + child + "." + schema.childKind() : "");
    return sql.toString();
  }

  /**
   * The same query in other words: an alias, a subquery for the join, comparisons turned round and
   * in reverse order. Not for a broken one.
   */
  public String rewritten() {
    String value = aggregate.equals("COUNT") ? "x.id" : "x." + column;
    List<String> tests = new ArrayList<>();
    for (Condition c : conditions.reversed()) {
      Condition f = c.flipped();
      tests.add(
          c.ofParent()
              ? "x.%s IN (SELECT y.id FROM %s AS y WHERE %s %s y.%s)"
                  .formatted(
                      ownKey ? "id" : schema.key(),
                      schema.parent(),
                      f.literal(),
                      f.operator(),
                      f.column())
              : "%s %s x.%s".formatted(f.literal(), f.operator(), f.column()));
    }
    return "SELECT %s%s(%s) AS result FROM %s AS x%s%s"
        .formatted(
            grouped ? "x." + schema.childKind() + " AS part, " : "",
            aggregate,
            value,
            schema.child(),
            tests.isEmpty() ? "" : " WHERE " + String.join(" AND ", tests),
            grouped ? " GROUP BY 1" : "");
  }

  /** How many of its seven components are those of another query of the schema. */
  public int agreement(TemplateQuery other) {
    int same = aggregate.equals(other.aggregate) ? 1 : 0;
    same += column.equals(other.column) ? 1 : 0;
    same += grouped == other.grouped ? 1 : 0;
    same += ownKey == other.ownKey ? 1 : 0;
    same += broken == other.broken ? 1 : 0;
    same += operands(this, false).equals(operands(other, false)) ? 1 : 0;
    same += operands(this, true).equals(operands(other, true)) ? 1 : 0;
    return same;
  }

  private static List<String> operands(TemplateQuery query, boolean ofParent) {
    return query.conditions.stream()
        .filter(c -> c.ofParent() == ofParent)
        .map(c -> c.column() + c.operator() + c.literal())
        .collect(Collectors.toList());
  }

  TemplateQuery withConditions(List<Condition> others) {
    return new TemplateQuery(schema, aggregate, column, others, ownKey, grouped, broken);
  }
}
