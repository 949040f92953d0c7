package dev.goodhart.neural.text.jinja;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The template language against Jinja2 itself, and against templates that mean harm. */
class TemplateTest {
  private static String render(String template) {
    Map<String, Object> variables = new LinkedHashMap<>();
    List<Map<String, Object>> messages = new ArrayList<>();
    for (String[] turn :
        new String[][] {
          {"system", "S <b>"}, {"user", " hello "}, {"assistant", "hi"}, {"user", "x"}
        }) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", turn[0]);
      message.put("content", turn[1]);
      messages.add(message);
    }
    variables.put("messages", messages);
    variables.put("bos_token", "<s>");
    variables.put("eos_token", "</s>");
    variables.put("add_generation_prompt", true);
    variables.put("evil", "{{ 7*7 }}{% for %}");
    return Template.parse(template).render(variables, () -> LocalDateTime.of(2026, 3, 4, 5, 6, 7));
  }

  /**
   * Constructs of published chat templates with what Jinja2 3.1.6 in Python makes of them, set as
   * transformers sets it (sandbox, trim_blocks, lstrip_blocks, loop controls, its own tojson); or
   * that it refuses them.
   */
  @Test
  void rendersWhatJinja2Renders() throws IOException {
    JsonNode constructs;
    try (InputStream in = TemplateTest.class.getResourceAsStream("constructs.json")) {
      constructs = JsonMapper.shared().readTree(Objects.requireNonNull(in));
    }
    assertTrue(constructs.size() >= 70);
    assertAll(
        constructs
            .valueStream()
            .map(
                each ->
                    () -> {
                      String template = each.path("template").asString();
                      if (each.has("refused")) {
                        assertThrows(JinjaException.class, () -> render(template), template);
                      } else {
                        assertEquals(each.path("expected").asString(), render(template), template);
                      }
                    }));
  }

  @Test
  void errorsSayWhereAndWhat() {
    var e = assertThrows(JinjaException.class, () -> render("a\nb {{ x | shine }}"));
    assertEquals("line 2: the filter 'shine' is not known here", e.getMessage());
    assertFalse(e.isRaised());

    var raised = assertThrows(JinjaException.class, () -> render("{{ raise_exception('no') }}"));
    assertEquals("no", raised.getMessage());
    assertTrue(raised.isRaised());
  }

  @Test
  void whatAMessageHoldsIsNeverATemplate() {
    assertEquals("{{ 7*7 }}{% for %}", render("{{ evil }}"));
    assertEquals("{{ 7*7 }}{% for %}!", render("{{ (evil ~ '!') | trim }}"));
  }

  /** Attacks on memory and time end in an error, soon. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(1000000000) %}x{% endfor %}",
        "{% for a in range(9000) %}{% for b in range(9000) %}{% for c in range(9000) %}{% endfor %}"
            + "{% endfor %}{% endfor %}",
        "{{ 'x' * 2000000000 }}",
        "{{ 'x' * 9000000000000000000 }}",
        "{{ [1] * 2000000000 }}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}"
            + "{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s='xx') %}{% for i in range(60) %}"
            + "{% set ns.s = ns.s.replace('x', 'xxxx') %}{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}"
            + "{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}"
            + "{% endfor %}{{ ns.l == ns.l | list }}{{ ns.l | tojson }}",
        "{% set ns = namespace(l=(1,)) %}{% for i in range(60) %}{% set ns.l = (ns.l, ns.l) %}"
            + "{% endfor %}{{ {ns.l: 1} }}",
        "{% set ns = namespace(l=1) %}{% for i in range(200000) %}{% set ns.l = [ns.l] %}"
            + "{% endfor %}{{ ns.l }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ 99999999999999999999 }}",
        "{{ 'x' | indent(1000000000) }}",
        "{{ ('a ' * 4000000).split() | length }}{{ ('a ' * 4000000).split() | length }}",
        "{{ range(400000) | sort | unique | list }}",
        "{{ [[1]] | tojson(indent=1000000000) * 9000000 }}",
        "{{ strftime_now('%Y' * 9000000) }}",
      })
  void whatNeverEndsIsEnded(String template) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThrows(JinjaException.class, () -> render(template)));
  }

  @Test
  void deepNestingIsRefused() {
    for (String open : List.of("(", "[", "{1:", "not ", "-", "x.y(", "x[")) {
      String template = "{{ " + open.repeat(50_000);
      assertThrows(JinjaException.class, () -> render(template), open);
    }
    String ifs = "{% if x %}".repeat(5000) + "{% endif %}".repeat(5000);
    assertThrows(JinjaException.class, () -> render(ifs));
    String elifs = "{% if x %}" + "{% elif x %}".repeat(20_000) + "{% endif %}";
    assertThrows(JinjaException.class, () -> render(elifs));
  }

  /** There is no way from a value to Java. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.class }}",
        "{{ ''.getClass() }}",
        "{{ ''['class'] }}",
        "{{ messages.class.forName('java.lang.Runtime') }}",
        "{{ messages[0].getClass().getName() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ raise_exception.__globals__ }}",
        "{{ range.call }}",
        "{{ namespace().class }}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as x %}",
        "{% extends 'x' %}",
        "{{ messages.append(1) }}",
        "{{ self }}{{ ____int3rpr3t3r____ }}{{ request }}{{ config }}",
      })
  void noTemplateReachesJava(String template) {
    String text;
    try {
      text = render(template);
    } catch (JinjaException e) {
      return;
    }
    assertEquals("", text);
  }
}
