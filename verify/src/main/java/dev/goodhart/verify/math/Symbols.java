package dev.goodhart.verify.math;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How commands, Unicode characters and words are spelt canonically. */
final class Symbols {
  /** Operators and brackets by LaTeX command. */
  static final Map<String, String> OPERATORS =
      pairs(
          "le ≤ leq ≤ leqslant ≤ leqq ≤ ge ≥ geq ≥ geqslant ≥ geqq ≥ lt < gt > ne ≠ neq ≠ approx ≈"
              + " simeq ≈ approxeq ≈ equiv ≡ cong ≡ doteq = coloneqq = in ∈ isin ∈ notin ∉ subset ⊂"
              + " subseteq ⊆ cup ∪ bigcup ∪ union ∪ cap ∩ bigcap ∩ setminus ∖ smallsetminus ∖"
              + " backslash ∖ pm ± mp ∓ cdot * times * ast * bullet * div / colon : mid | vert |"
              + " lvert | rvert | Vert ‖ lVert ‖ rVert ‖ lbrace ⦃ rbrace ⦄ langle ⟨ rangle ⟩ lfloor"
              + " ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lbrack [ rbrack ] lparen ( rparen ) to → rightarrow →"
              + " longrightarrow → mapsto → Rightarrow ⇒ Longrightarrow ⇒ implies ⇒ therefore ⇒ iff"
              + " ⇒ Leftrightarrow ⇒ land ∧ wedge ∧ lor ∨ vee ∨ lnot ¬ neg ¬ degree ° ldots … dots"
              + " … cdots … dotsc … dotsb … vdots … ddots … newline ⏎ cr ⏎ prime ' colon : circ ∘"
              + " lneq < gneq > sim ≈ backepsilon ∈ triangleq = longmapsto →");

  /** Commands that mean the same. */
  static final Map<String, String> ALIASES =
      pairs(
          "dfrac frac tfrac frac cfrac frac nicefrac frac sfrac frac dbinom binom tbinom binom"
              + " varnothing emptyset empty emptyset oo infty inf infty infinity infty asin arcsin"
              + " acos arccos atan arctan arsinh arcsinh asinh arcsinh acosh arccosh atanh arctanh"
              + " arcosh arccosh artanh arctanh acot arccot asec arcsec acsc arccsc cosec csc ctg"
              + " cot tg tan sgn sign cbrt cuberoot varepsilon epsilon varphi phi vartheta theta"
              + " bar overline widebar overline hbar h ell l imath i jmath j arctg arctan ceiling"
              + " ceil square_root sqrt Pi_ Pi mathpi pi exponentialE e imaginaryI i upi pi tr"
              + " trace Tr trace adj adj fbox boxed framebox boxed comb binom choose choose");

  /** Names that are functions or constants even without a backslash. */
  static final Set<String> PLAIN =
      Set.of(
          ("sin cos tan cot sec csc cosec sinh cosh tanh coth sech csch arcsin arccos arctan arccot"
               + " arcsec arccsc arcsinh arccosh arctanh asin acos atan asinh acosh atanh log ln lg"
               + " exp sqrt cbrt abs floor ceil ceiling gcd lcm max min mod det sgn sign pi"
               + " infinity inf oo infty alpha beta gamma delta theta lambda mu sigma phi omega"
               + " binom trace binomial cis")
              .split(" "));

  /** Commands that only change how things look. */
  static final Set<String> INVISIBLE =
      Set.of(
          ("framebox checkmark blacksquare square qed left right middle big Big bigg Bigg bigl bigr"
               + " Bigl Bigr biggl biggr Biggl Biggr bigm Bigm displaystyle textstyle scriptstyle"
               + " scriptscriptstyle limits nolimits quad qquad enspace thinspace medspace"
               + " thickspace negthinspace ensuremath mathstrut strut rm bf it tt sf cal mathrm_"
               + " normalfont boxed underline displaylimits mathop mathbin mathrel mathord mathopen"
               + " mathclose mathpunct mathinner allowbreak nobreak break noindent hfill vphantom_"
               + " smash rule_ centering large Large small")
              .split(" "));

  /** Commands whose argument is not part of the formula. */
  static final Set<String> WITH_ARGUMENT_DROPPED =
      Set.of(
          "hspace",
          "vspace",
          "phantom",
          "hphantom",
          "vphantom",
          "label",
          "tag",
          "color",
          "textcolor",
          "kern",
          "ref",
          "hskip");

  /** Commands that set their argument as words. */
  static final Set<String> TEXTUAL =
      Set.of(
          ("text textrm textnormal mbox hbox textup textbf textit texttt textsf mathrm mathbf"
                  + " mathit mathsf mathtt boldsymbol bm pmb mathcal mathscr mathfrak operatorname"
                  + " emph bold unit si SI")
              .split(" "));

  /** Of those, the ones whose argument stays mathematics. */
  static final Set<String> STYLED_MATH =
      Set.of(
          "mathbf",
          "mathit",
          "boldsymbol",
          "bm",
          "pmb",
          "mathcal",
          "mathscr",
          "mathfrak",
          "bold",
          "mathsf");

  /** Single Unicode characters as an operator, as {@code \command}, or as a plain replacement. */
  private static final Map<Character, String> CHARACTERS = characters();

  private static Map<Character, String> characters() {
    Map<String, String> table =
        pairs(
            "− - – - — - ﹣ - － - ‐ - ‑ - · * ⋅ * × * ∗ * ∙ * • * ⨯ * ÷ / ∕ / ⁄ / ／ / ＋ + ＝ = ≦ ≤ ≧"
                + " ≥ ⩽ ≤ ⩾ ≥ ＜ < ＞ > ≃ ≈ ≅ ≡ ∼ ≈ （ ( ） ) ［ [ ］ ] ｛ ⦃ ｝ ⦄ ， , 、 , ； ; ： : 。 . ％ % ∣"
                + " | ｜ | ∥ ‖ 〈 ⟨ 〉 ⟩ ∶ : ′ ' ’ ' ‘ ' ″ '' ⇔ ⇒ ⟹ ⇒ ∴ ⇒ ↦ → ⟶ → ⋯ … π \\pi θ \\theta"
                + " α \\alpha β \\beta γ \\gamma δ \\delta ε \\epsilon λ \\lambda μ \\mu σ \\sigma"
                + " φ \\phi ϕ \\phi ω \\omega τ \\tau ρ \\r"
                + "ho η \\eta ξ \\xi ψ \\psi χ \\chi κ \\kappa ν \\n"
                + "u ζ \\zeta Δ \\Delta Ω \\Omega Σ \\Sigma Γ \\Gamma Θ \\Theta Λ \\Lambda Φ \\Phi"
                + " Ψ \\Psi Π \\Pi ∞ \\infty ∅ \\emptyset Ø \\emptyset ⌀ \\emptyset ℝ \\Reals ℤ"
                + " \\Integers ℕ \\Naturals ℚ \\Rationals ℂ \\Complexes √ \\sqrt ∛ \\cuberoot ∜"
                + " \\fourthroot ∑ \\sum ∏ \\prod ∫ \\int ∠ \\angle △ \\triangle ∂ \\partial ∇ \\n"
                + "abla ℓ l ϵ \\epsilon º ° ˚ ° ∝ \\propto ≜ = ∀ \\forall ∃ \\exists ∁"
                + " \\complement");
    Map<Character, String> map = new HashMap<>();
    table.forEach((k, v) -> map.put(k.charAt(0), v));
    return map;
  }

  /** Characters that are canonical symbols as they stand. */
  static final String SYMBOLS = "+-*/^_=≠<>≤≥≈≡∈∉⊂⊆∪∩∖±∓()[]{}|‖,;:!%°'&→⇒∧∨¬…⟨⟩⌊⌋⌈⌉⦃⦄∘";

  private static final Map<Character, Rational> VULGAR = vulgar();

  private static Map<Character, Rational> vulgar() {
    Map<Character, Rational> map = new HashMap<>();
    String[] table =
        "½ 1 2 ⅓ 1 3 ⅔ 2 3 ¼ 1 4 ¾ 3 4 ⅕ 1 5 ⅖ 2 5 ⅗ 3 5 ⅘ 4 5 ⅙ 1 6 ⅚ 5 6 ⅐ 1 7 ⅛ 1 8 ⅜ 3 8 ⅝ 5 8 ⅞ 7 8 ⅑ 1 9 ⅒ 1 10"
            .split(" ");
    for (int i = 0; i < table.length; i += 3) {
      map.put(
          table[i].charAt(0),
          Rational.of(Long.parseLong(table[i + 1]), Long.parseLong(table[i + 2])));
    }
    return map;
  }

  /** What a Unicode character stands for, or the empty string. */
  static String character(char c) {
    return c < 0x80 ? "" : CHARACTERS.getOrDefault(c, "");
  }

  /** The fraction that ½ and its like stand for, or zero. */
  static Rational vulgar(char c) {
    return c < 0x80 ? Rational.ZERO : VULGAR.getOrDefault(c, Rational.ZERO);
  }

  /** The digit or sign that a superscript character stands for, or 0. */
  static char superscript(char c) {
    int at = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ".indexOf(c);
    return at < 0 ? 0 : "0123456789+-ni".charAt(at);
  }

  /** The digit that a subscript character stands for, or 0. */
  static char subscript(char c) {
    int at = "₀₁₂₃₄₅₆₇₈₉ₙₓₖ".indexOf(c);
    return at < 0 ? 0 : "0123456789nxk".charAt(at);
  }

  private static Map<String, String> pairs(String table) {
    String[] words = table.split(" ");
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i + 1 < words.length; i += 2) {
      map.put(words[i], words[i + 1]);
    }
    return Map.copyOf(map);
  }

  private Symbols() {}
}
