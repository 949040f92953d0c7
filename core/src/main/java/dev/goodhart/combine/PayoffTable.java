package dev.goodhart.combine;

import dev.goodhart.GoodhartException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The game that GTAlign has an assistant write down before it answers: what each of its actions is
 * worth to it and to the user, whether the question is clear or vague. Which cell to play follows
 * from it, and changing its numbers steers the answer at inference: a price on clarifying questions
 * where compute is scarce.
 *
 * <p>Cells are named by the user's type and the assistant's action: {@code DQ_DA} to {@code VQ_AQ}.
 * Only the action is the assistant's to choose; where it knows the type, restrict the table by
 * {@link #of(String)} first.
 *
 * @param cells all six, by name
 */
public record PayoffTable(Map<String, Cell> cells) {
  /** DQ a clear question, VQ a vague one. */
  public static final List<String> TYPES = List.of("DQ", "VQ");

  /** DA a direct answer, CQ one clarifying question, AQ an answer and a follow-up. */
  public static final List<String> ACTIONS = List.of("DA", "CQ", "AQ");

  private static final int LONGEST = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a cell is worth to either, about -5 to 5, higher is better. */
  public record Cell(double assistant, double user) {
    public Cell {
      if (!Double.isFinite(assistant) || !Double.isFinite(user)) {
        throw new IllegalArgumentException("a payoff must be finite");
      }
    }

    double sum() {
      return assistant + user;
    }

    boolean over(Cell other) {
      return assistant >= other.assistant && user >= other.user && !equals(other);
    }
  }

  public PayoffTable {
    cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
    for (String name : cells.keySet()) {
      if (!name.matches("(DQ|VQ)_(DA|CQ|AQ)")) {
        throw new IllegalArgumentException("a payoff table has no cell '" + name + "'");
      }
    }
  }

  /**
   * Reads {@code {"DQ_DA": {"LLM": 4, "user": 3}, ...}}.
   *
   * @throws GoodhartException unless there are exactly the six cells with two numbers each
   */
  public static PayoffTable parse(String json) {
    if (json.length() > LONGEST) {
      throw new GoodhartException("payoff table: longer than " + LONGEST + " characters");
    }
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new GoodhartException("payoff table: no JSON: " + e.getOriginalMessage());
    }
    Map<String, Cell> cells = new LinkedHashMap<>();
    for (String type : TYPES) {
      for (String action : ACTIONS) {
        JsonNode cell = root.path(type + "_" + action);
        JsonNode assistant = cell.path("LLM");
        JsonNode user = cell.path("user");
        if (!assistant.isNumber() || !user.isNumber()) {
          throw new GoodhartException(
              "payoff table: cell %s_%s needs numbers LLM and user".formatted(type, action));
        }
        cells.put(type + "_" + action, new Cell(assistant.asDouble(), user.asDouble()));
      }
    }
    if (root.size() != cells.size()) {
      throw new GoodhartException(
          "payoff table: expected six cells, not %d".formatted(root.size()));
    }
    return new PayoffTable(cells);
  }

  /**
   * Whether the table says anything: a twelfth for each cell whose two payoffs differ, another
   * where they differ by more than a tenth of the larger. It pays for any spread of numbers and
   * does not check that they are true.
   */
  public double informative() {
    double sum = 0;
    for (Cell cell : cells.values()) {
      double gap = Math.abs(cell.user - cell.assistant);
      double size = Math.max(Math.abs(cell.user), Math.abs(cell.assistant));
      sum += (gap > 0 ? 1 : 0) + (gap > 0.1 * size ? 1 : 0);
    }
    return sum / 12;
  }

  /** The cells of one user type. */
  public PayoffTable of(String type) {
    Map<String, Cell> row = new LinkedHashMap<>(cells);
    row.keySet().removeIf(name -> !name.startsWith(type + "_"));
    return new PayoffTable(row);
  }

  /** The cells that no other is at least as good for both as and better for one. */
  public List<String> nonDominated() {
    return cells.keySet().stream()
        .filter(name -> cells.values().stream().noneMatch(c -> c.over(cell(name))))
        .toList();
  }

  /** The non-dominated cell of the largest sum; a tie goes to the user, then to the assistant. */
  public String largestSum() {
    return nonDominated().stream()
        .max(
            Comparator.comparingDouble((String name) -> cell(name).sum())
                .thenComparingDouble(name -> cell(name).user)
                .thenComparingDouble(name -> cell(name).assistant))
        .orElseThrow();
  }

  /**
   * The cells of the largest product, as the released script keeps them, but of cells that are
   * better than nothing for both: the product of two losses is no gain. Empty where there are none.
   */
  public List<String> largestProduct() {
    List<String> positive =
        new ArrayList<>(
            cells.keySet().stream()
                .filter(name -> cell(name).user > 0 && cell(name).assistant > 0)
                .toList());
    double most =
        positive.stream().mapToDouble(n -> cell(n).user * cell(n).assistant).max().orElse(0);
    return positive.stream().filter(n -> cell(n).user * cell(n).assistant >= most).toList();
  }

  /** The same game with something added to the assistant's payoff of an action: -2, say. */
  public PayoffTable priced(String action, double added) {
    if (!ACTIONS.contains(action)) {
      throw new GoodhartException("payoff table: no action '" + action + "', only " + ACTIONS);
    }
    Map<String, Cell> changed = new LinkedHashMap<>(cells);
    changed.replaceAll(
        (name, c) -> name.endsWith(action) ? new Cell(c.assistant + added, c.user) : c);
    return new PayoffTable(changed);
  }

  private Cell cell(String name) {
    Cell cell = cells.get(name);
    if (cell == null) throw new GoodhartException("payoff table: no cell '" + name + "'");
    return cell;
  }
}
