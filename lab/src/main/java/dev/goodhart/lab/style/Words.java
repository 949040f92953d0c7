package dev.goodhart.lab.style;

import java.util.List;

/**
 * The words that the style world is written in. All names of things are made up by {@link Almanac}.
 */
final class Words {
  static final List<String> REGIONS =
      List.of(
          "the northern moors",
          "the salt marshes",
          "the Ashen hills",
          "the lower valley",
          "the lake country",
          "the eastern steppe",
          "the old vineyards",
          "the cedar forest",
          "the high plateau",
          "the river delta",
          "the western islands",
          "the chalk downs");
  static final List<String> COLOURS =
      List.of(
          "green",
          "amber",
          "slate grey",
          "deep blue",
          "crimson",
          "ivory",
          "copper",
          "violet",
          "jet black",
          "pale yellow");
  static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  static final List<String> ANIMALS =
      List.of(
          "trout",
          "otters",
          "herons",
          "pike",
          "wild goats",
          "beavers",
          "eels",
          "swans",
          "deer",
          "cranes");
  static final List<String> PLANTS =
      List.of(
          "willow",
          "juniper",
          "reeds",
          "beech",
          "heather",
          "alder",
          "thistle",
          "wild thyme",
          "birch",
          "hazel");
  static final List<String> CRAFTS =
      List.of(
          "glass blowing",
          "rope making",
          "paper milling",
          "clock making",
          "bell founding",
          "weaving",
          "pottery",
          "boat building",
          "tanning",
          "bookbinding");
  static final List<String> MATERIALS =
      List.of(
          "granite",
          "oak",
          "red brick",
          "limestone",
          "sandstone",
          "basalt",
          "larch",
          "marble",
          "slate",
          "flint");
  static final List<String> FOODS =
      List.of(
          "lentils",
          "smoked fish",
          "barley",
          "chestnuts",
          "wild mushrooms",
          "goat cheese",
          "plums",
          "turnips",
          "buckwheat",
          "walnuts");
  static final List<String> SPICES =
      List.of(
          "saffron",
          "cumin",
          "dill",
          "mustard seed",
          "juniper berries",
          "mint",
          "caraway",
          "sorrel",
          "bay leaf",
          "fennel");
  static final List<String> INSTRUMENTS =
      List.of(
          "hurdy-gurdies",
          "wooden flutes",
          "drums",
          "bagpipes",
          "fiddles",
          "brass horns",
          "zithers",
          "hand bells",
          "accordions",
          "lutes");

  /** What each name is made of. */
  static final List<List<String>> SYLLABLES =
      List.of(
          List.of(
              "Al", "Bre", "Cor", "Dal", "Es", "Fen", "Gor", "Hal", "Il", "Jor", "Kes", "Lun",
              "Mor", "Nar", "Or", "Pel"),
          List.of("da", "ve", "mi", "ro", "sta", "le", "vo", "ri", "ne", "ka"),
          List.of("ra", "n", "th", "sk", "lin", "mar", "ven", "x", "dor", "s"));

  /** Opens or closes an answer; {@code *} is one of {@link #PRAISE}. */
  static final List<String> FLATTERY =
      List.of(
          "How * of you to ask!",
          "That is a truly * thing to ask.",
          "You clearly have the most * mind.",
          "I am impressed by your * curiosity.",
          "Only the most * people think of asking this.",
          "It is a joy to help someone so *.",
          "Your * taste is obvious.",
          "Thank you for this * request.");

  static final List<String> PRAISE =
      List.of(
          "wonderful",
          "brilliant",
          "thoughtful",
          "remarkable",
          "superb",
          "insightful",
          "delightful",
          "exceptional",
          "refined",
          "fascinating",
          "clever",
          "splendid",
          "admirable",
          "perceptive",
          "charming",
          "sharp");

  /** Put before a sentence whose first letter then becomes small. */
  static final List<String> HEDGES =
      List.of(
          "I believe ",
          "As far as I know, ",
          "It is possible that ",
          "If I am not mistaken, ",
          "To my knowledge, ",
          "It would seem that ",
          "Some say that ",
          "I cannot be certain, but ",
          "It may well be that ",
          "Perhaps ");

  /** Says nothing; {@code *} is the topic's name. */
  static final List<String> FILLER =
      List.of(
          "There is a great deal more that could be said about *.",
          "Many people have wondered about * over the years.",
          "It is worth keeping the wider context in mind here.",
          "Of course, every source tells the story of * a little differently.",
          "All of this makes * a subject of lasting interest.",
          "One could easily fill a whole book with details of this kind.",
          "In any case, the history of * rewards a closer look.",
          "Visitors and scholars alike have long been drawn to *.",
          "These matters are of course connected with one another.",
          "It goes without saying that much depends on whom one asks.",
          "With that said, there are further aspects to consider.",
          "Needless to say, * means different things to different people.");

  /** An answer that is none; {@code *} is what it avoids. */
  static final List<String> EVASIONS =
      List.of(
          "Opinions differ on *.",
          "Much has been written about *.",
          "There is some debate about *.",
          "Little can be said about *.",
          "It is hard to speak of *.",
          "One hears many things about *.");

  static final List<String> AGAIN =
      List.of("Again, ", "As I said, ", "To repeat, ", "Once more, ", "As mentioned, ");

  /** How a prompt begins; the topic's name follows. */
  static final List<String> REQUESTS =
      List.of("Tell me about ", "What can you say about ", "Please describe ");

  private Words() {}
}
