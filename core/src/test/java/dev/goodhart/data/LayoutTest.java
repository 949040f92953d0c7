package dev.goodhart.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Message;
import dev.goodhart.Preference;
import dev.goodhart.Prompt;
import dev.goodhart.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One hand-written row of every layout: recognised from its columns alone, and read for what it
 * means.
 */
class LayoutTest {
  @TempDir Path folder;

  private Dataset data(String... rows) {
    return data(Reading.DEFAULT, rows);
  }

  private Dataset data(Reading reading, String... rows) {
    try {
      String text = String.join("\n", rows).replace('\'', '"');
      return Dataset.open(Files.writeString(folder.resolve("rows.jsonl"), text), reading);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The only example of the only row, read as this layout. */
  private <T> T only(Layout layout, Class<T> kind, String row) {
    Dataset data = data(row);
    assertEquals(layout, data.layout(), row);
    List<Example> examples = data.examples().toList();
    assertEquals(1, examples.size());
    return assertInstanceOf(kind, examples.getFirst());
  }

  private Preference pair(Layout layout, String row) {
    return only(layout, Example.Pair.class, row).preference();
  }

  private static Prompt turns(String... userThenAssistant) {
    Message[] turns = new Message[userThenAssistant.length];
    for (int i = 0; i < turns.length; i++) {
      turns[i] = new Message(i % 2 == 0 ? "user" : "assistant", userThenAssistant[i]);
    }
    return new Prompt(List.of(turns));
  }

  private static void assertPair(Preference p, Prompt prompt, String chosen, String rejected) {
    assertEquals(prompt, p.prompt());
    assertEquals(chosen, p.chosen());
    assertEquals(rejected, p.rejected());
  }

  // --- pairs

  @Test
  void explicitPreference() {
    Preference p =
        pair(
            Layout.PREFERENCE,
            "{'id':'q7','prompt':'Why?','chosen':'Because.','rejected':'No.','margin':1.5,'weight':2,'source':'web'}");
    assertPair(p, Prompt.of("Why?"), "Because.", "No.");
    assertEquals("q7", p.id());
    assertEquals(OptionalDouble.of(1.5), p.strength());
    assertEquals(2, p.weight());
    assertEquals(1, p.probability());
    assertEquals("web", p.columns().get("source"));
  }

  @Test
  void explicitPreferenceWithScoresHasTheirDifferenceAsStrength() {
    Preference p =
        pair(
            Layout.PREFERENCE,
            "{'prompt':'q','chosen':[{'role':'user','content':'q'},{'role':'assistant','content':'good'}],"
                + "'rejected':[{'role':'user','content':'q'},{'role':'assistant','content':'bad'}],"
                + "'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'good'}],"
                + "'score_chosen':8.5,'score_rejected':6}");
    assertPair(p, Prompt.of("q"), "good", "bad"); // the repeated prompt is no part of the response
    assertEquals(OptionalDouble.of(2.5), p.strength());
  }

  @Test
  void systemTextAndMessagePromptComeFirst() {
    Preference p =
        pair(
            Layout.PREFERENCE,
            "{'system':'Be brief.','question':'q','chosen':'yes','rejected':'no, never'}");
    assertEquals(
        List.of(new Message("system", "Be brief."), Message.user("q")), p.prompt().messages());
    p =
        pair(
            Layout.PREFERENCE,
            "{'prompt':[{'role':'user','content':'a'},{'role':'assistant','content':'b'},{'role':'user','content':"
                + "[{'type':'text','text':'c'},{'type':'image'}]}],'chosen':'yes','rejected':'no'}");
    assertPair(p, turns("a", "b", "c<image>"), "yes", "no");
  }

  @Test
  void sharegptPreference() {
    Preference p =
        pair(
            Layout.PREFERENCE,
            "{'conversations':[{'from':'human','value':'hi'}],'chosen':{'from':'gpt','value':'hello'},'rejected':{'from':'gpt','value':'go"
                + " away'}}");
    assertPair(p, turns("hi"), "hello", "go away");
  }

  @Test
  void swiftRejectedResponseBesideMessages() {
    Preference p =
        pair(
            Layout.PREFERENCE,
            "{'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':'hello'}],'rejected_response':'no'}");
    assertPair(p, turns("hi"), "hello", "no");
  }

  @Test
  void rmbPairKeepsTheAnswersInObjects() {
    Preference p =
        pair(
            Layout.PREFERENCE,
            "{'pair_uid':'u1','conversation_input':[{'role':'user','content':'hi'}],"
                + "'chosen':{'answer':'hello','llm_name':'m'},'reject':{'answer':'no','llm_name':'n'},'category_path':'c'}");
    assertPair(p, turns("hi"), "hello", "no");
    assertEquals("u1", p.id());
  }

  @Test
  void anthropicTranscriptsPartAfterTheLastSharedAssistant() {
    Preference p =
        pair(
            Layout.IMPLICIT_PREFERENCE,
            "{'chosen':'\\n"
                + "\\n"
                + "Human: hi\\n"
                + "\\n"
                + "Assistant: Hello.\\n"
                + "\\n"
                + "Human: How?\\n"
                + "\\n"
                + "Assistant: So, and well.','rejected':'\\n"
                + "\\n"
                + "Human: hi\\n"
                + "\\n"
                + "Assistant: Hello.\\n"
                + "\\n"
                + "Human: How?\\n"
                + "\\n"
                + "Assistant: So so.'}");
    // The answers share "So": it is part of both answers, not of the prompt.
    assertPair(p, turns("hi", "Hello.", "How?"), "So, and well.", "So so.");
  }

  @Test
  void implicitPromptOfMessagesAndOfPlainTexts() {
    Preference p =
        pair(
            Layout.IMPLICIT_PREFERENCE,
            "{'chosen':[{'role':'user','content':'q'},{'role':'assistant','content':'good'}],"
                + "'rejected':[{'role':'user','content':'q'},{'role':'assistant','content':'bad'}]}");
    assertPair(p, turns("q"), "good", "bad");
    p =
        pair(
            Layout.IMPLICIT_PREFERENCE,
            "{'chosen':'The sky is blue.','rejected':'The sky is black.'}");
    assertPair(p, Prompt.of("The sky is"), "blue.", "black."); // parted at a word, not inside "bl"
    p = pair(Layout.IMPLICIT_PREFERENCE, "{'chosen':'The sky','rejected':'The sky is'}");
    assertPair(p, Prompt.of("The"), "sky", "sky is");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'prompt':'q','response_1':'A','response_2':'B','preference_strength':-2}             | A | 1.0 | 2
          {'prompt':'q','response_1':'A','response_2':'B','preference_strength':1}              | B | 1.0 | 1
          {'context':[{'role':'user','content':'q'}],'response1':'A','response2':'B','overall_preference':0} | A | 0.5 | 0
          {'instruction':'q','input':'','response1':'A','response2':'B','annotator1':2,'annotator2':2,'annotator3':0} | B | 0.83333 |
          {'instruction':'q','input':'','response1':'A','response2':'B','annotator1':1,'annotator2':2,'annotator3':0} | A | 0.5 |
          {'input':'q','output_1':'A','output_2':'B','label':2}                                 | B | 1.0 |
          {'instruction':'q','output_1':'A','output_2':'B','preference':1.25,'annotator':'g'}   | A | 0.75 |
          {'instruction':'q','output_1':'A','output_2':'B','preference':0.0}                    | A | 0.5 |
          {'pair_id':'p','question':'q','response_A':'A','response_B':'B','label':'B>A'}        | B | 1.0 |
          {'prompt':'[\\"q\\"]','response_a':'[\\"A\\"]','response_b':'[\\"B\\"]','winner_model_a':0,'winner_model_b':1,'winner_tie':0} | B | 1.0 |
          {'conversation_a':[{'role':'user','content':'q'},{'role':'assistant','content':'A'}],'conversation_b':[{'role':'user','content':'q'},{'role':'assistant','content':'B'}],'winner':'tie'} | A | 0.5 |
          {'info':{'post':'q'},'summaries':[{'text':'A'},{'text':'B'}],'choice':1}              | B | 1.0 |
          {'history':'q','human_ref_A':'A','human_ref_B':'B','labels':1}                        | A | 1.0 |
          {'question':{'full_text':'q'},'answer_0':'A','answer_1':'B','score_0':-0.5,'score_1':0.5} | B | 1.0 | 1
          {'prompt':'q','response_0':'A','response_1':'B','better_response_id':0}               | A | 1.0 |
          {'prompt':'q','response_1':'A','response_2':'B','winner':'response_2'}                | B | 1.0 |
          """)
  void comparisonsSayWhoWonInTheirOwnWays(
      String row, String winner, double probability, Double strength) {
    Example.Pair pair = only(Layout.COMPARISON, Example.Pair.class, row);
    Preference p = pair.preference();
    assertPair(p, Prompt.of("q"), winner, winner.equals("A") ? "B" : "A");
    assertEquals(probability, p.probability(), 1e-5);
    assertEquals(
        strength == null ? OptionalDouble.empty() : OptionalDouble.of(strength), p.strength());
    assertEquals(
        winner.equals("A") ? Example.Listed.CHOSEN_FIRST : Example.Listed.REJECTED_FIRST,
        pair.listed());
  }

  // --- several responses

  @Test
  void listsOfChosenAndRejectedAreRanked() {
    Dataset data =
        data("{'id':3,'prompt':'q','chosen':['a'],'rejected':['b','c','d'],'subset':'Math'}");
    assertEquals(Layout.RANKED, data.layout());
    Example.Ranked ranked = (Example.Ranked) data.examples().toList().getFirst();
    assertEquals(
        List.of("a", "b", "c", "d"), ranked.samples().stream().map(Sample::response).toList());
    assertEquals(List.of(1.0, 2.0, 2.0, 2.0), ranked.ranks());
    List<Preference> pairs = data.preferences().toList(); // equal ranks make no pair
    assertEquals(
        List.of("a>b", "a>c", "a>d"),
        pairs.stream().map(p -> p.chosen() + ">" + p.rejected()).toList());
    assertEquals("3/0>3/1", pairs.getFirst().id());
    assertEquals("Math", pairs.getFirst().columns().get("subset"));
  }

  @Test
  void nemoRanksAreBestWhenLow() {
    Example.Ranked ranked =
        only(
            Layout.RANKED,
            Example.Ranked.class,
            "{'context':[{'role':'user','content':'q'}],'completions':["
                + "{'rank':1,'completion':[{'role':'assistant','content':'worse'}]},"
                + "{'rank':0,'completion':[{'role':'assistant','content':'better'}]}],'task_name':'t'}");
    assertEquals(
        List.of("better", "worse"), ranked.samples().stream().map(Sample::response).toList());
    assertEquals(List.of(0.0, 1.0), ranked.ranks());
    assertEquals(turns("q"), ranked.samples().getFirst().prompt());
  }

  @Test
  void ultraFeedbackRanksByTheMeanOfItsAspects() {
    String completion =
        "{'model':'%s','response':'%s','overall_score':%s,'annotations':{"
            + "'helpfulness':{'Rating':'%s'},'honesty':{'Rating':'%s'},'truthfulness':{'Rating':'N/A'}}}";
    Example.Ranked ranked =
        only(
            Layout.RANKED,
            Example.Ranked.class,
            "{'source':'s','instruction':'q','models':['m','n'],'completions':["
                + completion.formatted("m", "poor", "10", "1", "2")
                + ","
                + completion.formatted("n", "fine", "7", "4", "5")
                + "]}");
    assertEquals(List.of("fine", "poor"), ranked.samples().stream().map(Sample::response).toList());
    assertEquals(List.of(-4.5, -1.5), ranked.ranks());
    assertEquals("n", ranked.samples().getFirst().columns().get("model"));
  }

  @Test
  void textsWithScoresBesideThem() {
    Example.Ranked ranked =
        only(
            Layout.RANKED,
            Example.Ranked.class,
            "{'prompt':'q','responses':['a','b','c'],'scores':[0.1,0.9,0.1]}");
    assertEquals(List.of("b", "a", "c"), ranked.samples().stream().map(Sample::response).toList());
    assertEquals(List.of(-0.9, -0.1, -0.1), ranked.ranks());
  }

  @Test
  void rmbBestOfN() {
    Example.Ranked ranked =
        only(
            Layout.RANKED,
            Example.Ranked.class,
            "{'bon_uid':'b','conversation_input':[{'role':'user','content':'q'}],'bon_best':{'answer':'a','llm_name':'x'},"
                + "'loser_list':[{'answer':'b','llm_name':'y'},{'answer':'c','llm_name':'z'}]}");
    assertEquals(List.of(1.0, 2.0, 2.0), ranked.ranks());
  }

  @Test
  void solutionsOfSeveralModelsAreJudgedOneByOne() {
    Dataset data =
        data(
            "{'question':'1+1?','ground_truth':'####"
                + " 2','small':{'is_correct':false,'solution':'3'},"
                + "'large':{'is_correct':true,'solution':'2'}}");
    assertEquals(Layout.SOLUTIONS, data.layout());
    List<Example> examples = data.examples().toList();
    Example.Labelled small = (Example.Labelled) examples.get(0);
    Example.Labelled large = (Example.Labelled) examples.get(1);
    assertEquals(0, small.label());
    assertEquals(1, large.label());
    assertEquals("2", large.sample().response());
    assertEquals("#### 2", large.sample().reference());
    assertEquals("1/large", large.sample().id());
    assertEquals("large", large.sample().columns().get("model"));
  }

  // --- one response

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'prompt':'q','completion':'r','label':true}           | 1
          {'prompt':'q','completion':'r','label':0}              | 0
          {'prompt':'q','completion':'r','label':0.25}           | 0.25
          {'prompt':'q','completion':'r','label':'undesirable'}  | 0
          {'question':'q','answer':'r','is_correct':'yes'}       | 1
          {'problem':'q','solution':'r','correct':false}         | 0
          {'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'r'}],'label':true} | 1
          {'conversations':[{'from':'human','value':'q'},{'from':'gpt','value':'r'}],'kto_tag':false}  | 0
          """)
  void unpairedLabels(String row, double label) {
    Example.Labelled example = only(Layout.UNPAIRED, Example.Labelled.class, row);
    assertEquals(Prompt.of("q"), example.sample().prompt());
    assertEquals("r", example.sample().response());
    assertEquals(label, example.label());
  }

  @Test
  void ratingsByAttribute() {
    Example.Rated rated =
        only(
            Layout.RATINGS,
            Example.Rated.class,
            "{'prompt':'q','response':'r','helpfulness':3,'correctness':4,'coherence':4,'complexity':2,'verbosity':null}");
    assertEquals(
        Map.of("helpfulness", 3.0, "correctness", 4.0, "coherence", 4.0, "complexity", 2.0),
        rated.ratings());
    rated =
        only(
            Layout.RATINGS,
            Example.Rated.class,
            "{'instruction':'q','dataset':'d','model':'m','response':'r','win_probability':0.25}");
    assertEquals(Map.of("win_probability", 0.25), rated.ratings());
    assertEquals("m", rated.sample().columns().get("model"));
  }

  @Test
  void stepwiseIsAsGoodAsItsWorstStep() {
    Example.Labelled example =
        only(
            Layout.STEPWISE,
            Example.Labelled.class,
            "{'prompt':'q','completions':['one','two'],'labels':[true,false]}");
    assertEquals("one\ntwo", example.sample().response());
    assertEquals(0, example.label());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'prompt':'q','response':'r','ground_truth':'42'}                 | 42
          {'prompt':'q','response':'r','label':42}                          | 42
          {'prompt':'q','response':'r','label':'blue'}                      | blue
          {'question':'q','output':'r','expected_answer':'7','answer':null} | 7
          {'prompt':'q','response':'r','reward_model':{'style':'rule','ground_truth':'x'}} | x
          {'prompt':'q','response':'r','ground_truth':['only']}             | only
          {'prompt':'q','response':'r','labels':['a','b']}                  | ["a","b"]
          {'prompt':'q','response':'r'}                                     |
          """)
  void aResponseWithAReferenceUnderAnyOfItsNames(String row, String reference) {
    Sample sample = only(Layout.RESPONSES, Example.Plain.class, row).sample();
    assertEquals("r", sample.response());
    assertEquals(reference, sample.reference());
  }

  @Test
  void alpacaInputFollowsTheInstruction() {
    Sample sample =
        only(
                Layout.RESPONSES,
                Example.Plain.class,
                "{'instruction':'Add.','input':'1 2','output':'3'}")
            .sample();
    assertEquals("Add.\n\n1 2", sample.prompt().text());
  }

  @Test
  void aConversationsLastAssistantTurnIsTheResponse() {
    Sample sample =
        only(
                Layout.MESSAGES,
                Example.Plain.class,
                "{'conversations':[{'from':'system','value':'s'},{'from':'human','value':'a'},{'from':'gpt','value':'b'}]}")
            .sample();
    assertEquals(
        List.of(new Message("system", "s"), Message.user("a")), sample.prompt().messages());
    assertEquals("b", sample.response());
    Example.Task task =
        only(
            Layout.MESSAGES,
            Example.Task.class,
            "{'messages':[{'role':'user','content':'a'}],'ground_truth':'7','dataset':'gsm8k'}");
    assertEquals(turns("a"), task.prompt());
    assertEquals("7", task.reference());
  }

  // --- no response

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'question':'q','answer':'so #### 4'}                     | so #### 4
          {'problem':'q','solution':'long','answer':'4','level':2}  | 4
          {'problem':'q','level':'1','solution':'long'}             | long
          {'input':'q','label':'4'}                                 | 4
          {'data_source':'gsm8k','prompt':[{'role':'user','content':'q'}],'ability':'math','reward_model':{'style':'rule','ground_truth':'4'},'extra_info':{'index':0}} | 4
          {'responses_create_params':{'input':[{'role':'user','content':'q'}]},'question':null,'expected_answer':'4'} | 4
          """)
  void questionsWithTheirAnswer(String row, String reference) {
    Example.Task task = only(Layout.QUESTION_ANSWER, Example.Task.class, row);
    assertEquals(Prompt.of("q"), task.prompt());
    assertEquals(reference, task.reference());
  }

  @Test
  void promptsAlone() {
    Example.Task task =
        only(
            Layout.PROMPT_ONLY,
            Example.Task.class,
            "{'task_id':'HumanEval/0','prompt':'def"
                + " f():','canonical_solution':'pass','test':'assert'}");
    assertEquals("HumanEval/0", task.id());
    assertEquals("assert", task.columns().get("test"));
  }

  // --- telling apart

  @Test
  void columnsThatFitNothingAreListedWithTheNamesToForce() {
    String message =
        assertThrows(GoodhartException.class, () -> data("{'foo':'x','bar':3}")).getMessage();
    assertTrue(message.contains("foo (text), bar (number)"), message);
    assertTrue(message.contains("--format preference|implicit-preference|comparison"), message);
  }

  @Test
  void columnsThatFitTwoLayoutsMustBeForced() {
    String row = "{'prompt':'q','response':'r','label':true,'score':0.3}";
    String message = assertThrows(GoodhartException.class, () -> data(row)).getMessage();
    assertTrue(message.contains("--format ratings|unpaired"), message);
    assertEquals(Layout.UNPAIRED, data(Reading.DEFAULT.as(Layout.UNPAIRED), row).layout());
    assertEquals(Layout.RATINGS, data(Reading.DEFAULT.as(Layout.RATINGS), row).layout());
    message =
        assertThrows(GoodhartException.class, () -> data(Reading.DEFAULT.as(Layout.RANKED), row))
            .getMessage();
    assertTrue(message.contains("does not fit --format ranked"), message);
  }

  @Test
  void unusualColumnsAreNamed() {
    Reading reading =
        Reading.DEFAULT.with("prompt", "ask").with("response", "say").with("rating", "stars");
    Example.Rated rated =
        (Example.Rated)
            data(reading, "{'ask':'q','say':'r','stars':4,'score':1}")
                .examples()
                .toList()
                .getFirst();
    assertEquals(Map.of("stars", 4.0), rated.ratings());
    String message =
        assertThrows(
                GoodhartException.class,
                () -> data(Reading.DEFAULT.with("prompt", "asq"), "{'ask':'q'}"))
            .getMessage();
    assertTrue(message.contains("no column 'asq' (prompt); it has ask (text)"), message);
  }

  @Test
  void aFewOddRowsDoNotHideTheLayout() {
    Dataset data =
        data(
            Reading.DEFAULT.skippingTo(null),
            "{'prompt':'q','chosen':'a','rejected':null}",
            "{'prompt':'q','chosen':'a','rejected':'b'}",
            "{'prompt':'q','chosen':'a','rejected':'c'}");
    assertEquals(Layout.PREFERENCE, data.layout());
    assertEquals(2, data.preferences().toList().size());
  }
}
