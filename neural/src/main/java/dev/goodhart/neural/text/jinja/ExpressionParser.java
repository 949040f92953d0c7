package dev.goodhart.neural.text.jinja;

import dev.goodhart.neural.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Expressions by Jinja2's grammar, from what binds least to what binds most. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private final Tokens tokens;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** {@code a if b else c}. */
  Expression expression() {
    tokens.enter();
    Expression value = or();
    while (tokens.takeName("if")) {
      Expression then = value;
      Expression condition = or();
      Expression otherwise =
          tokens.takeName("else") ? expression() : scope -> new Undefined("the if without else");
      value = scope -> (Values.truth(condition.in(scope)) ? then : otherwise).in(scope);
    }
    tokens.leave();
    return value;
  }

  /** {@code a, b} is a tuple where a tuple may stand. */
  Expression tuple(boolean conditional) {
    List<Expression> elements = new ArrayList<>();
    elements.add(conditional ? expression() : or());
    boolean comma = false;
    while (tokens.takeOperator(",")) {
      comma = true;
      if (endsTuple()) break;
      elements.add(conditional ? expression() : or());
    }
    return comma ? scope -> new Tuple(all(elements, scope)) : elements.getFirst();
  }

  private boolean endsTuple() {
    Kind kind = tokens.peek().kind();
    return kind == Kind.OUTPUT_END
        || kind == Kind.BLOCK_END
        || tokens.isOperator(")")
        || tokens.isName("in");
  }

  /** Without {@code if}, which after the iterable of a loop means something else. */
  Expression or() {
    Expression left = and();
    while (tokens.takeName("or")) {
      Expression a = left;
      Expression b = and();
      left =
          scope -> {
            Object value = a.in(scope);
            return Values.truth(value) ? value : b.in(scope);
          };
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.takeName("and")) {
      Expression a = left;
      Expression b = not();
      left =
          scope -> {
            Object value = a.in(scope);
            return Values.truth(value) ? b.in(scope) : value;
          };
    }
    return left;
  }

  private Expression not() {
    if (!tokens.takeName("not")) return comparison();
    tokens.enter();
    Expression value = not();
    tokens.leave();
    return scope -> !Values.truth(value.in(scope));
  }

  /** {@code a < b <= c} means that both hold. */
  private Expression comparison() {
    Expression left = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>();
    while (true) {
      String operator = comparisonOperator();
      if (operator == null) break;
      operators.add(operator);
      operands.add(sum());
    }
    if (operators.isEmpty()) return left;
    return scope -> {
      Object a = left.in(scope);
      for (int i = 0; i < operators.size(); i++) {
        Object b = operands.get(i).in(scope);
        scope.budget.step();
        if (!Values.compare(operators.get(i), a, b, scope.budget)) return false;
        a = b;
      }
      return true;
    };
  }

  private @Nullable String comparisonOperator() {
    Token token = tokens.peek();
    if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
      return tokens.next().text();
    }
    if (tokens.takeName("in")) return "in";
    if (tokens.isName("not") && tokens.peek(1).is(Kind.NAME, "in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return null;
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.isOperator("+") || tokens.isOperator("-")) {
      left = binary(left, tokens.next().text(), concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.takeOperator("~")) left = binary(left, "~", product());
    return left;
  }

  private Expression product() {
    Expression left = power();
    while (tokens.isOperator("*")
        || tokens.isOperator("/")
        || tokens.isOperator("//")
        || tokens.isOperator("%")) {
      left = binary(left, tokens.next().text(), power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (tokens.takeOperator("**")) left = binary(left, "**", unary(true));
    return left;
  }

  private static Expression binary(Expression a, String operator, Expression b) {
    return scope -> {
      scope.budget.step();
      return Operators.apply(operator, a.in(scope), b.in(scope), scope.budget);
    };
  }

  private Expression unary(boolean withFilters) {
    tokens.enter();
    Expression value;
    if (tokens.takeOperator("-")) {
      Expression operand = unary(false);
      value = scope -> Operators.apply("-", 0L, operand.in(scope), scope.budget);
    } else if (tokens.takeOperator("+")) {
      value = unary(false);
    } else {
      value = postfix(primary());
    }
    if (withFilters) value = filtersAndTests(value);
    tokens.leave();
    return value;
  }

  private Expression primary() {
    Token token = tokens.peek();
    switch (token.kind()) {
      case NAME -> {
        tokens.next();
        return name(token.text());
      }
      case STRING -> {
        StringBuilder text = new StringBuilder();
        while (tokens.peek().kind() == Kind.STRING) text.append(tokens.next().text());
        return constant(text.toString());
      }
      case INTEGER -> {
        tokens.next();
        try {
          return constant(Long.parseLong(token.text()));
        } catch (NumberFormatException e) {
          throw JinjaException.at(token.line(), "the number " + token.text() + " is too large");
        }
      }
      case FLOAT -> {
        tokens.next();
        return constant(Double.parseDouble(token.text()));
      }
      default -> {
        if (tokens.takeOperator("(")) return inBrackets();
        if (tokens.takeOperator("[")) {
          List<Expression> elements = elements("]");
          return scope -> all(elements, scope);
        }
        if (tokens.takeOperator("{")) return map();
        throw tokens.unexpected("an expression");
      }
    }
  }

  private static Expression constant(Object value) {
    return scope -> value;
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> constant(true);
      case "false", "False" -> constant(false);
      case "none", "None" -> constant(None.NONE);
      default ->
          scope -> {
            scope.budget.step();
            return scope.get(name);
          };
    };
  }

  private Expression inBrackets() {
    if (tokens.takeOperator(")")) return constant(new Tuple(List.of()));
    Expression value = tuple(true);
    tokens.expectOperator(")");
    return value;
  }

  private List<Expression> elements(String end) {
    List<Expression> elements = new ArrayList<>();
    while (!tokens.takeOperator(end)) {
      elements.add(expression());
      if (!tokens.isOperator(end)) tokens.expectOperator(",");
    }
    return elements;
  }

  private static List<Object> all(List<Expression> expressions, Scope scope) {
    scope.budget.spend(Budget.STEP + expressions.size());
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) values.add(expression.in(scope));
    return values;
  }

  private Expression map() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.takeOperator("}")) {
      keys.add(expression());
      tokens.expectOperator(":");
      values.add(expression());
      if (!tokens.isOperator("}")) tokens.expectOperator(",");
    }
    return scope -> {
      Map<Object, Object> map = new LinkedHashMap<>();
      List<Object> evaluatedKeys = all(keys, scope);
      List<Object> evaluatedValues = all(values, scope);
      for (int i = 0; i < keys.size(); i++) {
        map.put(Values.key(evaluatedKeys.get(i)), evaluatedValues.get(i));
      }
      return map;
    };
  }

  /** Attributes, subscripts, slices and calls. */
  private Expression postfix(Expression value) {
    while (true) {
      if (tokens.takeOperator(".")) {
        Token token = tokens.next();
        Expression base = value;
        if (token.kind() == Kind.INTEGER) {
          Object index = Long.parseLong(token.text());
          value = scope -> Items.item(base.in(scope), index);
        } else if (token.kind() == Kind.NAME) {
          value = attribute(base, token.text());
        } else throw JinjaException.at(token.line(), "expected a name after '.', found " + token);
      } else if (tokens.takeOperator("[")) {
        value = subscript(value);
      } else if (tokens.isOperator("(")) {
        value = call(value);
      } else return value;
    }
  }

  private static Expression attribute(Expression base, String name) {
    return scope -> {
      scope.budget.step();
      return Items.attribute(base.in(scope), name);
    };
  }

  private Expression subscript(Expression base) {
    Expression from = tokens.isOperator(":") ? null : tuple(true);
    if (tokens.takeOperator("]")) {
      Expression index = java.util.Objects.requireNonNull(from);
      return scope -> {
        scope.budget.step();
        return Items.item(base.in(scope), index.in(scope));
      };
    }
    tokens.expectOperator(":");
    Expression to = endsSlice() ? null : expression();
    Expression step = tokens.takeOperator(":") && !endsSlice() ? expression() : null;
    tokens.expectOperator("]");
    return scope ->
        Items.slice(
            base.in(scope),
            from == null ? None.NONE : from.in(scope),
            to == null ? None.NONE : to.in(scope),
            step == null ? None.NONE : step.in(scope),
            scope.budget);
  }

  private boolean endsSlice() {
    return tokens.isOperator(":") || tokens.isOperator("]");
  }

  private Expression call(Expression function) {
    int line = tokens.peek().line();
    ArgumentList arguments = arguments();
    return scope -> {
      scope.budget.step();
      return switch (function.in(scope)) {
        case Callable callable -> callable.call(arguments.in(scope));
        case Undefined undefined ->
            throw JinjaException.at(
                line, "'" + undefined.name() + "' is no function or method known here");
        case Object value ->
            throw JinjaException.at(line, Values.type(value) + " cannot be called");
      };
    };
  }

  /** Arguments as they are written. */
  record ArgumentList(List<Expression> positional, Map<String, Expression> named) {
    Arguments in(Scope scope) {
      Map<String, Object> values = new LinkedHashMap<>();
      named.forEach((name, value) -> values.put(name, value.in(scope)));
      return new Arguments(all(positional, scope), values, scope);
    }

    Arguments after(Object first, Scope scope) {
      Arguments rest = in(scope);
      rest.positional().addFirst(first);
      return rest;
    }
  }

  ArgumentList arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.takeOperator(")")) {
      if (tokens.peek().kind() == Kind.NAME && tokens.peek(1).is(Kind.OPERATOR, "=")) {
        String name = tokens.name();
        tokens.next();
        named.put(name, expression());
      } else positional.add(expression());
      if (!tokens.isOperator(")")) tokens.expectOperator(",");
    }
    return new ArgumentList(positional, named);
  }

  private static final ArgumentList NO_ARGUMENTS = new ArgumentList(List.of(), Map.of());

  private Expression filtersAndTests(Expression value) {
    while (true) {
      if (tokens.isOperator("|")) value = filter(value);
      else if (tokens.takeName("is")) value = test(value);
      else if (tokens.isOperator("(")) value = call(value);
      else return value;
    }
  }

  /** {@code | name(arguments)}. */
  Expression filter(Expression value) {
    tokens.expectOperator("|");
    return appliedFilter(value);
  }

  Expression appliedFilter(Expression value) {
    int line = tokens.peek().line();
    Callable filter = Filters.named(tokens.name(), line);
    ArgumentList arguments = tokens.isOperator("(") ? arguments() : NO_ARGUMENTS;
    return scope -> {
      scope.budget.step();
      return filter.call(arguments.after(value.in(scope), scope));
    };
  }

  private Expression test(Expression value) {
    boolean negated = tokens.takeName("not");
    Token token = tokens.next();
    Callable test = Tests.named(token.text(), token.line());
    ArgumentList arguments = NO_ARGUMENTS;
    if (tokens.isOperator("(")) {
      arguments = arguments();
    } else if (beginsArgument()) {
      arguments = new ArgumentList(List.of(postfix(primary())), Map.of());
    }
    ArgumentList given = arguments;
    return scope -> {
      scope.budget.step();
      return negated != Values.truth(test.call(given.after(value.in(scope), scope)));
    };
  }

  private boolean beginsArgument() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case STRING, INTEGER, FLOAT -> true;
      case NAME -> !Set.of("else", "or", "and", "is", "if", "in", "not").contains(token.text());
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      default -> false;
    };
  }
}
