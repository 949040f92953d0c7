package dev.goodhart.verify.code;

/** The languages that a program may be written in. */
public enum Language {
  PYTHON("python", "py", "python3", "py3"),
  JAVASCRIPT("javascript", "js", "node", "mjs"),
  JAVA("java"),
  CPP("cpp", "c++", "cc", "cxx", "c"),
  SHELL("shell", "sh", "bash", "zsh", "console");

  private final String tags;

  Language(String... tags) {
    this.tags = " " + String.join(" ", tags) + " ";
  }

  /** Whether a code block with this tag, in lower case, is in this language. */
  boolean isTag(String tag) {
    return !tag.isEmpty() && tags.contains(" " + tag + " ");
  }
}
