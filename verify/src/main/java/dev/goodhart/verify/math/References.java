package dev.goodhart.verify.math;

/** What a reference column holds: an answer, or a worked solution that ends in one. */
final class References {
  private static final int MAX_ANSWER = 200;

  /** The answer itself. */
  static String answer(String reference) {
    String s = reference.strip();
    if (PlainNumber.of(s, 0, s.length()) != PlainNumber.NONE) {
      return s;
    }
    String boxed = Boxes.last(s);
    if (!boxed.isEmpty()) {
      return boxed;
    }
    String hashes = Phrases.afterHashes(s);
    if (!hashes.isEmpty()) {
      return hashes;
    }
    boolean solution = s.length() > MAX_ANSWER || s.indexOf('\n') >= 0 || Prose.words(s, 3) > 3;
    if (!solution || s.startsWith("\\begin")) {
      return s;
    }
    String announced = Phrases.announced(s);
    if (!announced.isEmpty()) {
      return announced;
    }
    boolean formulas =
        !Formulas.all(s).isEmpty()
            && !Reading.of(s).meanings().stream().anyMatch(m -> !(m instanceof Expr.Text));
    return formulas || s.length() > MAX_ANSWER ? Formulas.last(s) : s;
  }

  /** Whether it asks for several things. */
  static boolean isList(String reference) {
    return Reading.of(reference).meanings().stream()
        .anyMatch(m -> m instanceof Expr.Items || m instanceof Expr.SetOf || Trees.hasPlusMinus(m));
  }

  private References() {}
}
