package dev.goodhart.lab.style;

import java.util.List;

/**
 * A kind of thing that can be asked about.
 *
 * @param phrase how a prompt names a thing of this kind; {@code *} is its name
 * @param facets what can be known of each thing of this kind
 */
record Kind(String phrase, List<Kind.Facet> facets) {
  static final List<Kind> ALL =
      List.of(
          new Kind(
              "the river *",
              new Facet(
                  "where it rises",
                  "the source of *",
                  Words.REGIONS,
                  "* rises in #.",
                  "The source of * lies in #."),
              new Facet(
                  "what lives in it",
                  "the wildlife of *",
                  Words.ANIMALS,
                  "* is known for its #.",
                  "In * one finds #."),
              new Facet(
                  "when it floods",
                  "the flooding of *",
                  Words.MONTHS,
                  "* floods in #.",
                  "Every #, * bursts its banks."),
              new Facet(
                  "what grows on its banks",
                  "the vegetation along *",
                  Words.PLANTS,
                  "The banks of * are lined with #.",
                  "Along * grows #."),
              new Facet(
                  "what its bridges are made of",
                  "the bridges of *",
                  Words.MATERIALS,
                  "The bridges over * are of #.",
                  "Builders used # for the bridges of *."),
              new Facet(
                  "what colour its water has",
                  "the water of *",
                  Words.COLOURS,
                  "The water of * is #.",
                  "Seen from above, * looks #.")),
          new Kind(
              "the town of *",
              new Facet(
                  "where it lies",
                  "the location of *",
                  Words.REGIONS,
                  "* lies in #.",
                  "One finds * in #."),
              new Facet(
                  "what it lives from",
                  "the trade of *",
                  Words.CRAFTS,
                  "* lives from #.",
                  "The people of * earn their living by #."),
              new Facet(
                  "when its market is held",
                  "the market of *",
                  Words.MONTHS,
                  "The great market of * is held in #.",
                  "In #, traders come to *."),
              new Facet(
                  "what its walls are made of",
                  "the walls of *",
                  Words.MATERIALS,
                  "The walls of * are built of #.",
                  "# was used for the walls of *."),
              new Facet(
                  "what people eat there",
                  "the food of *",
                  Words.FOODS,
                  "In * people eat a lot of #.",
                  "The kitchens of * are famous for #."),
              new Facet(
                  "what its flag looks like",
                  "the flag of *",
                  Words.COLOURS,
                  "The flag of * is #.",
                  "* flies a flag of #.")),
          new Kind(
              "the dish called *",
              new Facet(
                  "where it comes from",
                  "the origin of *",
                  Words.REGIONS,
                  "* comes from #.",
                  "Cooks in # made * first."),
              new Facet(
                  "what it is made of",
                  "the main ingredient of *",
                  Words.FOODS,
                  "* is made of #.",
                  "The main ingredient of * is #."),
              new Facet(
                  "how it is seasoned",
                  "the seasoning of *",
                  Words.SPICES,
                  "* is seasoned with #.",
                  "No * is complete without #."),
              new Facet(
                  "when it is eaten",
                  "the season for *",
                  Words.MONTHS,
                  "* is eaten in #.",
                  "The season for * is #."),
              new Facet(
                  "what colour it has",
                  "the look of *",
                  Words.COLOURS,
                  "Well made, * is #.",
                  "A good * should be #."),
              new Facet(
                  "what it is smoked over",
                  "the smoking of *",
                  Words.PLANTS,
                  "* is smoked over #.",
                  "For the smoke of *, cooks burn #.")),
          new Kind(
              "the festival of *",
              new Facet(
                  "where it is held",
                  "the place of *",
                  Words.REGIONS,
                  "* is held in #.",
                  "People of # celebrate *."),
              new Facet(
                  "when it takes place",
                  "the date of *",
                  Words.MONTHS,
                  "* takes place in #.",
                  "Every #, people gather for *."),
              new Facet(
                  "what music is played",
                  "the music of *",
                  Words.INSTRUMENTS,
                  "At * one hears #.",
                  "The music of * is played on #."),
              new Facet(
                  "what people wear",
                  "the costumes of *",
                  Words.COLOURS,
                  "At * everyone wears #.",
                  "The colour of * is #."),
              new Facet(
                  "what is eaten",
                  "the food at *",
                  Words.FOODS,
                  "At * people eat #.",
                  "The food of * is #."),
              new Facet(
                  "which animals are paraded",
                  "the parade of *",
                  Words.ANIMALS,
                  "At * they parade #.",
                  "The parade of * is led by #.")));

  private Kind(String phrase, Facet... facets) {
    this(phrase, List.of(facets));
  }

  /**
   * One thing to know.
   *
   * @param ask how a prompt asks for it
   * @param noun what an evasion talks about
   * @param values what it can be
   * @param sentences say it; {@code *} is the thing's name and {@code #} the value
   */
  record Facet(String ask, String noun, List<String> values, List<String> sentences) {
    Facet(String ask, String noun, List<String> values, String... sentences) {
      this(ask, noun, values, List.of(sentences));
    }
  }
}
