package dev.goodhart.neural.text.jinja;

import dev.goodhart.neural.text.jinja.Statement.Flow;
import dev.goodhart.neural.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Text, {@code {{ … }}} and {@code {% … %}}. */
final class StatementParser {
  private final Tokens tokens;
  private final ExpressionParser expressions;

  /** How many loops are around. */
  private int loops;

  private StatementParser(List<Token> tokens) {
    this.tokens = new Tokens(tokens);
    expressions = new ExpressionParser(this.tokens);
  }

  static Statement parse(String template) {
    StatementParser parser = new StatementParser(Lexer.tokens(template));
    Statement body = parser.body(Set.of());
    if (parser.tokens.peek().kind() != Kind.END) throw parser.tokens.unexpected("the end");
    return body;
  }

  /** Up to a block that begins with one of these names, which is left at its name. */
  private Statement body(Set<String> until) {
    tokens.enter();
    int line = tokens.peek().line();
    List<Statement> parts = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Kind.END) {
        if (until.isEmpty()) break;
        throw JinjaException.at(
            line, "a block is not closed: expected " + String.join(" or ", until));
      }
      tokens.next();
      if (token.kind() == Kind.TEXT) {
        parts.add(text(token.text()));
      } else if (token.kind() == Kind.OUTPUT_BEGIN) {
        parts.add(output(expressions.tuple(true)));
        tokens.expect(Kind.OUTPUT_END, "}}");
      } else if (until.contains(tokens.peek().text())) {
        break;
      } else {
        parts.add(block());
      }
    }
    tokens.leave();
    return sequence(parts);
  }

  private static Statement text(String text) {
    return (scope, output) -> {
      output.write(text);
      return Flow.NEXT;
    };
  }

  private static Statement output(Expression value) {
    return (scope, output) -> {
      output.write(Printer.print(value.in(scope), scope.budget));
      return Flow.NEXT;
    };
  }

  private static Statement sequence(List<Statement> parts) {
    Statement[] all = parts.toArray(Statement[]::new);
    return (scope, output) -> {
      for (Statement part : all) {
        scope.budget.step();
        Flow flow = part.run(scope, output);
        if (flow != Flow.NEXT) return flow;
      }
      return Flow.NEXT;
    };
  }

  private Statement block() {
    Token token = tokens.expect(Kind.NAME, "the name of a block");
    return switch (token.text()) {
      case "for" -> loop();
      case "if" -> condition();
      case "set" -> set();
      case "macro" -> macro();
      case "call" -> call();
      case "filter" -> filter();
      case "generation" -> {
        // Marks what the assistant wrote, for training; it is text like any other.
        blockEnd();
        Statement body = body(Set.of("endgeneration"));
        end();
        yield body;
      }
      case "break", "continue" -> {
        if (loops == 0) throw JinjaException.at(token.line(), token.text() + " outside a loop");
        blockEnd();
        Flow flow = token.text().equals("break") ? Flow.BREAK : Flow.CONTINUE;
        yield (scope, output) -> flow;
      }
      default ->
          throw JinjaException.at(
              token.line(), "the block {% " + token.text() + " %} is not known here");
    };
  }

  private void blockEnd() {
    tokens.expect(Kind.BLOCK_END, "%}");
  }

  /** The name of the closing block, and its end. */
  private void end() {
    tokens.next();
    blockEnd();
  }

  private Statement condition() {
    Expression condition = expressions.tuple(true);
    blockEnd();
    Statement then = body(Set.of("elif", "else", "endif"));
    Statement otherwise = text("");
    if (tokens.takeName("elif")) {
      // Bounded like any other nesting.
      tokens.enter();
      otherwise = condition();
      tokens.leave();
    } else {
      if (tokens.takeName("else")) {
        blockEnd();
        otherwise = body(Set.of("endif"));
      }
      end();
    }
    Statement no = otherwise;
    return (scope, output) -> (Values.truth(condition.in(scope)) ? then : no).run(scope, output);
  }

  private Statement loop() {
    Target target = target();
    if (!tokens.takeName("in")) throw tokens.unexpected("'in'");
    Expression iterable = expressions.tuple(false);
    Expression only = tokens.takeName("if") ? expressions.expression() : null;
    boolean recursive = tokens.takeName("recursive");
    if (recursive) throw tokens.unexpected("a loop that is not recursive");
    blockEnd();
    int depth = loops++;
    Statement body = body(Set.of("else", "endfor"));
    loops--;
    Statement otherwise = null;
    if (tokens.takeName("else")) {
      blockEnd();
      otherwise = body(Set.of("endfor"));
    }
    end();
    Statement none = otherwise;
    return (scope, output) -> {
      List<?> elements = Values.elements(iterable.in(scope), scope.budget);
      if (only != null) elements = filtered(elements, target, only, scope);
      if (elements.isEmpty()) {
        return none == null ? Flow.NEXT : none.run(scope.inner(), output);
      }
      Loop loop = new Loop(elements, depth);
      for (int i = 0; i < elements.size(); i++) {
        scope.budget.step();
        loop.index = i;
        Scope inner = scope.inner();
        inner.set("loop", loop);
        target.set(inner, Values.of(elements.get(i)));
        if (body.run(inner, output) == Flow.BREAK) break;
      }
      return Flow.NEXT;
    };
  }

  private static List<Object> filtered(
      List<?> elements, Target target, Expression only, Scope scope) {
    List<Object> kept = new ArrayList<>();
    for (Object element : elements) {
      scope.budget.step();
      Scope inner = scope.inner();
      target.set(inner, Values.of(element));
      if (Values.truth(only.in(inner))) kept.add(Values.of(element));
    }
    return kept;
  }

  /** What a value is given to: a name, several names, an attribute of a namespace. */
  private interface Target {
    void set(Scope scope, Object value);
  }

  private Target target() {
    boolean bracket = tokens.takeOperator("(");
    List<String> names = new ArrayList<>();
    do names.add(tokens.name());
    while (tokens.takeOperator(",") && tokens.peek().kind() == Kind.NAME && !tokens.isName("in"));
    if (bracket) tokens.expectOperator(")");
    if (names.size() == 1) {
      String name = names.getFirst();
      return (scope, value) -> scope.set(name, value);
    }
    return (scope, value) -> {
      List<?> parts = Values.elements(value, scope.budget);
      if (parts.size() != names.size()) {
        throw new JinjaException(
            parts.size() + " values for the names " + String.join(", ", names));
      }
      for (int i = 0; i < names.size(); i++) scope.set(names.get(i), Values.of(parts.get(i)));
    };
  }

  private Statement set() {
    int line = tokens.peek().line();
    Target target;
    if (tokens.peek(1).is(Kind.OPERATOR, ".")) {
      String name = tokens.name();
      tokens.next();
      String attribute = tokens.name();
      target =
          (scope, value) -> {
            if (!(scope.get(name) instanceof Namespace namespace)) {
              throw JinjaException.at(line, "only a namespace() has attributes that can be set");
            }
            scope.budget.step();
            namespace.values().put(attribute, value);
          };
    } else target = target();
    if (tokens.takeOperator("=")) {
      Expression value = expressions.tuple(true);
      blockEnd();
      return (scope, output) -> {
        target.set(scope, value.in(scope));
        return Flow.NEXT;
      };
    }
    Capture capture = capture("endset");
    return (scope, output) -> {
      target.set(scope, capture.of(scope));
      return Flow.NEXT;
    };
  }

  /** A body whose text becomes a value. */
  private record Capture(Statement body, Expression filtered) {
    /** The name under which a filter finds the text; no template can write it. */
    static final String TEXT = " text";

    Object of(Scope scope) {
      Output text = new Output(scope.budget);
      body.run(scope.inner(), text);
      Scope inner = scope.inner();
      inner.set(TEXT, text.toString());
      return filtered.in(inner);
    }
  }

  private Capture capture(String end) {
    Expression filtered = scope -> scope.get(Capture.TEXT);
    while (tokens.isOperator("|")) filtered = expressions.filter(filtered);
    blockEnd();
    int around = loops;
    loops = 0;
    Statement body = body(Set.of(end));
    loops = around;
    end();
    return new Capture(body, filtered);
  }

  private Statement filter() {
    Expression filtered = expressions.appliedFilter(scope -> scope.get(Capture.TEXT));
    Capture rest = capture("endfilter");
    return (scope, output) -> {
      Output text = new Output(scope.budget);
      rest.body().run(scope.inner(), text);
      Scope inner = scope.inner();
      inner.set(Capture.TEXT, text.toString());
      inner.set(Capture.TEXT, filtered.in(inner));
      output.write(Printer.print(rest.filtered().in(inner), scope.budget));
      return Flow.NEXT;
    };
  }

  private Statement macro() {
    String name = tokens.name();
    Macro macro = new Macro(name, parameters(), macroBody("endmacro"));
    return (scope, output) -> {
      scope.set(name, macro.in(scope));
      return Flow.NEXT;
    };
  }

  private List<Macro.Parameter> parameters() {
    tokens.expectOperator("(");
    List<Macro.Parameter> parameters = new ArrayList<>();
    while (!tokens.takeOperator(")")) {
      String parameter = tokens.name();
      @Nullable Expression otherwise = tokens.takeOperator("=") ? expressions.expression() : null;
      parameters.add(new Macro.Parameter(parameter, otherwise));
      if (!tokens.isOperator(")")) tokens.expectOperator(",");
    }
    return parameters;
  }

  private Statement macroBody(String end) {
    blockEnd();
    int around = loops;
    loops = 0;
    Statement body = body(Set.of(end));
    loops = around;
    end();
    return body;
  }

  /** {@code {% call macro(…) %} … {% endcall %}}: the macro finds the body as caller(). */
  private Statement call() {
    List<Macro.Parameter> parameters = tokens.isOperator("(") ? parameters() : List.of();
    Expression called = expressions.expression();
    Macro caller = new Macro("caller", parameters, macroBody("endcall"));
    return (scope, output) -> {
      Scope inner = scope.inner();
      inner.set(Macro.CALLER, caller.in(scope));
      output.write(Printer.print(called.in(inner), scope.budget));
      return Flow.NEXT;
    };
  }
}
