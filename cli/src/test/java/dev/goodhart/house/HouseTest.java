package dev.goodhart.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows of the design, and a few habits that a compiler does not hold. */
class HouseTest {
  /** What each module may use; its own classes always. */
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "core", Set.of(),
          "verify", Set.of("core"),
          "data", Set.of("core"),
          "neural", Set.of("core"),
          "lab", Set.of("neural", "verify", "data", "core"),
          "serve", Set.of("neural", "verify", "data", "core"),
          "spark", Set.of("neural", "verify", "data", "core"),
          "cli", Set.of("serve", "lab", "neural", "verify", "data", "core"));

  private static JavaClasses house;
  private static Map<String, String> moduleOf;

  /**
   * Classes are read by path: Spark's module is not on this module's class path, and must not be.
   */
  @BeforeAll
  static void readTheHouse() {
    List<Path> folders = new ArrayList<>();
    moduleOf = new HashMap<>();
    for (String module : Checkout.MODULES) {
      Path folder = Checkout.ROOT.resolve(module).resolve("target/classes");
      if (!Files.isDirectory(folder)) continue;
      folders.add(folder);
      for (JavaClass c : new ClassFileImporter().importPaths(folder)) {
        if (!c.getSimpleName().equals("package-info")) moduleOf.put(c.getName(), module);
      }
    }
    house = new ClassFileImporter().importPaths(folders);
  }

  @Test
  void modulesDependOnlyDownwards() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass c : house) {
      String from = moduleOf.get(c.getName());
      if (from == null) continue;
      for (Dependency d : c.getDirectDependenciesFromSelf()) {
        String to = moduleOf.get(d.getTargetClass().getBaseComponentType().getName());
        if (to != null && !to.equals(from) && !ARROWS.get(from).contains(to)) {
          wrong.add(from + " -> " + to + ": " + d.getDescription());
        }
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void packagesHaveNoCycles() {
    hold(slices().matching("dev.goodhart.(**)").should().beFreeOfCycles());
  }

  @Test
  void theNounsKnowNoRoom() {
    hold(
        noClasses()
            .that()
            .resideInAPackage("dev.goodhart")
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.goodhart..").and(not(resideInAPackage("dev.goodhart")))));
  }

  @Test
  void nothingKnowsTheCommands() {
    hold(
        noClasses()
            .that(not(resideInAPackage("dev.goodhart.cli..")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.goodhart.cli..", "picocli..")));
  }

  @Test
  void coreNeedsNoEngine() {
    Pattern engine =
        Pattern.compile(
            "(org\\.bytedeco|org\\.duckdb|io\\.helidon|org\\.apache\\.spark|ai\\.djl)\\..*");
    Set<String> wrong = new TreeSet<>();
    for (JavaClass c : house) {
      if (!"core".equals(moduleOf.get(c.getName()))) continue;
      for (Dependency d : c.getDirectDependenciesFromSelf()) {
        if (engine.matcher(d.getTargetClass().getName()).matches()) wrong.add(d.getDescription());
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void everyPackageIsNullMarkedAndSaysWhatItIsFor() throws IOException {
    Set<Path> packages = new TreeSet<>();
    for (String module : Checkout.MODULES) {
      for (Path file : Checkout.files(module, "src/main/java", ".java"))
        packages.add(file.getParent());
    }
    Set<String> wrong = new TreeSet<>();
    for (Path folder : packages) {
      // A room may span modules; its package is described once, where the room's interface lives.
      Path info = folder.resolve("package-info.java");
      String text = Files.exists(info) ? Files.readString(info) : "";
      if (!text.startsWith("/**") || !text.contains("\n@NullMarked\n")) {
        wrong.add(Checkout.ROOT.relativize(info).toString());
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void noFileNamesAPlaceOnSomeonesMachine() throws Exception {
    Pattern place = Pattern.compile("(?<![\\w./-])/(wor[k]|roo[t]|tm[p]/w|hom[e]/[a-z]+)/");
    Set<String> wrong = new TreeSet<>();
    for (Path file : tracked()) {
      String text;
      try {
        text = Files.readString(file, StandardCharsets.UTF_8);
      } catch (CharacterCodingException binary) {
        continue;
      }
      Matcher m = place.matcher(text);
      if (m.find()) wrong.add(Checkout.ROOT.relativize(file) + ": " + m.group());
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void theLauncherStartsTheJvmAsTheTestsDo() throws IOException {
    String pom = Files.readString(Checkout.ROOT.resolve("pom.xml"));
    Matcher jvm = Pattern.compile("<goodhart.jvm>(.*)</goodhart.jvm>").matcher(pom);
    assertTrue(jvm.find());
    String launcher = Files.readString(Checkout.ROOT.resolve("goodhart"));
    for (String option : jvm.group(1).split(" ")) {
      assertTrue(launcher.contains(option), "the launcher does not say " + option);
    }
  }

  private static void hold(ArchRule rule) {
    rule.allowEmptyShould(true).check(house);
  }

  private static List<Path> tracked() throws Exception {
    Process git =
        new ProcessBuilder("git", "ls-files", "-z").directory(Checkout.ROOT.toFile()).start();
    String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeTrue(git.waitFor() == 0, "not a git checkout");
    List<Path> files = new ArrayList<>();
    for (String name : names.split("\0")) {
      Path file = Checkout.ROOT.resolve(name);
      if (Files.isRegularFile(file)) files.add(file);
    }
    return files;
  }
}
