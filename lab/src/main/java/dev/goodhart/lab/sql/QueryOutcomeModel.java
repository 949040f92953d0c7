package dev.goodhart.lab.sql;

import dev.goodhart.lab.sql.QueryResults.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small outcome reward model: logistic regression on hashed features of a question, a query and
 * its result. No feature holds a name of a schema, so that what it learns carries over to others:
 *
 * <ul>
 *   <li>for each name or literal of the query that stands in the question too: the word before it
 *       there, with what stands around it in the query; else only the latter
 *   <li>for each that stands in the question alone: the word before it there
 *   <li>the question's words with the query's keywords
 *   <li>how many rows came out, and whether one holds a NULL
 * </ul>
 *
 * <p>Trained by AdaGrad on labels of right and wrong with the log-loss.
 */
public final class QueryOutcomeModel {
  private static final int BITS = 18;
  private static final double RATE = 0.1;
  private static final Pattern TOKEN = Pattern.compile("'[^']*'|[A-Za-z_]+|\\d+|[<>=*(),.]");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_]+|\\d+");

  private final float[] weights = new float[1 << BITS];
  private final float[] squares = new float[1 << BITS];

  /** One labelled query by its features. */
  public record Example(int[] features, boolean right) {}

  /** Passes over the examples, each in an order of its own. */
  public void train(List<Example> examples, int passes, SplittableRandom random) {
    Arrays.fill(squares, 1);
    List<Example> order = new ArrayList<>(examples);
    for (int pass = 0; pass < passes; pass++) {
      java.util.Collections.shuffle(order, new java.util.Random(random.nextLong()));
      for (Example example : order) {
        double miss = (example.right ? 1 : 0) - 1 / (1 + Math.exp(-logOdds(example.features)));
        for (int f : example.features) {
          squares[f] += (float) (miss * miss);
          weights[f] += (float) (RATE * miss / Math.sqrt(squares[f]));
        }
      }
    }
  }

  /** How likely the query is right, in log-odds. */
  public double logOdds(int[] features) {
    double sum = 0;
    for (int f : features) {
      sum += weights[f];
    }
    return sum;
  }

  /** The distinct features of a query for a question on a schema, as buckets. */
  public static int[] features(String question, QuerySchema schema, String sql, Result result) {
    List<String> words = tokens(WORD, question.toLowerCase(Locale.ROOT));
    List<String> tokens = tokens(TOKEN, sql);
    List<String> found = new ArrayList<>();
    Map<String, String> before = new HashMap<>();
    List<String> plain = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (isNamed(word, schema)) {
        before.merge(word, i == 0 ? "^" : words.get(i - 1), (a, b) -> a + "&" + b);
      } else {
        plain.add(word);
      }
    }
    Map<String, Integer> used = new HashMap<>();
    List<String> keywords = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i).replace("'", "").toLowerCase(Locale.ROOT);
      if (isNamed(token, schema) || tokens.get(i).startsWith("'")) {
        used.merge(token, 1, Integer::sum);
        String context = around(tokens, i, schema);
        found.add("near " + before.getOrDefault(token, "-") + " / " + context);
        found.add((before.containsKey(token) ? "said / " : "unsaid / ") + context);
      } else if (Character.isLetter(token.charAt(0)) && !keywords.contains(token)) {
        keywords.add(token);
      }
    }
    before.forEach(
        (name, word) -> {
          if (!used.containsKey(name)) {
            found.add("left out, after " + word);
          }
        });
    for (String word : plain) {
      for (String keyword : keywords) {
        found.add("with " + word + " / " + keyword);
      }
    }
    for (String keyword : keywords) {
      found.add("keyword " + keyword);
    }
    found.add("rows " + Math.min(result.rows().size(), 2));
    found.add("null " + result.rows().stream().anyMatch(row -> row.contains("null|")));
    found.add("bias");
    return found.stream().mapToInt(f -> mix(f) >>> (32 - BITS)).distinct().toArray();
  }

  private static int mix(String text) {
    int hash = text.hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x7feb352d;
    return (hash ^ (hash >>> 15)) * 0x846ca68b;
  }

  /** Two tokens before and one behind, names and literals as one. */
  private static String around(List<String> tokens, int i, QuerySchema schema) {
    int first = i;
    if (i >= 2 && tokens.get(i - 1).equals(".")) {
      first = i - 2; // the name with its table before it
    }
    return shape(tokens, first - 2, schema)
        + " "
        + shape(tokens, first - 1, schema)
        + " "
        + (first < i ? "." : "")
        + "_ "
        + shape(tokens, i + 1, schema);
  }

  private static String shape(List<String> tokens, int i, QuerySchema schema) {
    if (i < 0 || i >= tokens.size()) {
      return "|";
    }
    String token = tokens.get(i);
    return token.startsWith("'") || isNamed(token, schema) ? "?" : token;
  }

  private static boolean isNamed(String token, QuerySchema schema) {
    return token.equals(schema.parent())
        || token.equals(schema.child())
        || token.equals(schema.parentKind())
        || token.equals(schema.parentNumber())
        || token.equals(schema.childKind())
        || schema.childNumbers().contains(token)
        || schema.parentValues().contains(token)
        || schema.childValues().contains(token)
        || token.chars().allMatch(Character::isDigit);
  }

  private static List<String> tokens(Pattern pattern, String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }
}
