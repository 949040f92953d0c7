package dev.goodhart.neural.text.jinja;

/** Text as it is written, paid for. */
final class Output {
  private final StringBuilder text = new StringBuilder();
  private final Budget budget;

  Output(Budget budget) {
    this.budget = budget;
  }

  void write(String more) {
    budget.spend(more.length());
    text.append(more);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
