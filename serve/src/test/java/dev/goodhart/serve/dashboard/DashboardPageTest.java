package dev.goodhart.serve.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.goodhart.serve.ServeOptions;
import dev.goodhart.serve.Served;
import dev.goodhart.serve.http.Keys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The page in a real browser, which must load nothing from elsewhere and complain of nothing. */
class DashboardPageTest {
  private static Chromium chromium;
  private static Served hacked;
  private final List<String> complaints = new ArrayList<>();
  private final List<String> elsewhere = new ArrayList<>();
  private final List<BrowserContext> contexts = new ArrayList<>();

  @BeforeAll
  static void play() throws Exception {
    chromium = new Chromium();
    hacked = new Served(HackedRun.spec(), ServeOptions.on("localhost", 0));
    for (long step = 0; step < 80; step++) {
      for (String run : List.of("exp7-hacked", "exp8-honest")) {
        var answer = hacked.post("/v1/rewards", HackedRun.step(run, step, run.contains("hacked")));
        assertEquals(200, answer.statusCode(), answer.body());
      }
    }
  }

  @AfterAll
  static void stop() {
    if (hacked != null) hacked.close();
    if (chromium != null) chromium.close();
  }

  @AfterEach
  void nothingWentWrong() {
    contexts.forEach(BrowserContext::close);
    assertEquals(List.of(), complaints);
    assertEquals(List.of(), elsewhere);
  }

  private Page open(Served server, ColorScheme scheme, int width, int height, String run) {
    BrowserContext context =
        chromium
            .browser()
            .newContext(
                new NewContextOptions().setColorScheme(scheme).setViewportSize(width, height));
    contexts.add(context);
    Page page = context.newPage();
    page.setDefaultTimeout(15_000);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") && !message.text().contains("401")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    String here = server.uri("/").toString();
    page.onRequest(
        request -> {
          if (!request.url().startsWith(here)) elsewhere.add(request.url());
        });
    page.navigate(server.uri("/") + (run.isEmpty() ? "" : "#run=" + run));
    return page;
  }

  private Page open(String run) {
    return open(hacked, ColorScheme.LIGHT, 1280, 900, run);
  }

  private static Locator heading(Page page, String name) {
    return page.getByRole(AriaRole.HEADING, new GetByRoleOptions().setName(name).setExact(true));
  }

  @Test
  void aHackedRunIsSeenToBeOne() {
    Page page = open("exp7-hacked");

    assertThat(heading(page, "exp7-hacked")).isVisible();
    Locator alarms = page.locator("#alarms li");
    assertThat(alarms.filter(new Locator.FilterOptions().setHasText("length-drift")).first())
        .containsText("times as long as when the run began");
    assertThat(alarms.filter(new Locator.FilterOptions().setHasText("part-divergence")).first())
        .containsText("The part tone rose from");
    Locator parts =
        page.getByRole(
            AriaRole.IMG, new GetByRoleOptions().setName(Pattern.compile("^Parts of the reward")));
    assertThat(parts)
        .hasAttribute("aria-label", Pattern.compile("correct: .*tone: .*Alarms marked: [1-9]"));
    assertThat(page.locator("#suspicious .sample .why").first()).isVisible();
    assertThat(page.locator("#latest .sample")).hasCount(20);
    assertThat(page.locator("#latest .sample").nth(8)).isHidden();
    page.getByText("Show all 20").click();
    assertThat(page.locator("#latest .sample").nth(19)).isVisible();
    assertThat(
            page.locator("#signals tr").filter(new Locator.FilterOptions().setHasText("correct")))
        .containsText("no answer");
  }

  @Test
  void anHonestRunHasNoAlarm() {
    Page page = open("exp8-honest");
    assertThat(heading(page, "exp8-honest")).isVisible();
    assertThat(page.locator("#no-alarms")).isVisible();
    assertThat(page.locator("#alarms li")).hasCount(0);
  }

  @Test
  void aChartHasATableThatSaysTheSame() {
    Page page = open("exp7-hacked");
    Locator figure =
        page.locator("figure")
            .filter(new Locator.FilterOptions().setHas(page.getByText("Shares (%)")));
    figure.getByText("As a table").click();
    Locator header = figure.locator("thead th");
    assertThat(header).hasText(new String[] {"Step", "unscored", "duplicates", "repetition"});
    assertThat(figure.locator("tbody th").first()).hasText("78");
    assertThat(figure.locator("tbody tr")).hasCount(79);
  }

  @Test
  void whatIsNewAppearsByItself() throws Exception {
    try (Served server = new Served(HackedRun.spec(), ServeOptions.on("localhost", 0))) {
      Page page = open(server, ColorScheme.LIGHT, 1280, 900, "");
      assertThat(page.locator("#no-runs")).isVisible();
      server.post("/v1/rewards", HackedRun.step("new", 0, false));
      assertThat(heading(page, "new")).isVisible();
      assertThat(page.locator("#no-curves")).isVisible();
      server.post("/v1/rewards", HackedRun.step("new", 1, false));
      assertThat(page.locator("figure").first()).isVisible();
      server.post("/v1/rewards", HackedRun.step("second", 0, false));
      assertThat(page.locator("#runs button")).hasCount(2);

      page.locator("#pause").click();
      assertThat(page.locator("#status")).hasText("Paused");
      server.post("/v1/rewards", HackedRun.step("third", 0, false));
      page.waitForTimeout(1500);
      assertThat(page.locator("#runs button")).hasCount(2);
      page.locator("#pause").click();
      assertThat(page.locator("#runs button")).hasCount(3);
    }
  }

  @Test
  void aServerThatIsStartedAnewIsFoundAgain() throws Exception {
    Served first = new Served(HackedRun.spec(), ServeOptions.on("localhost", 0));
    int port = first.port();
    Page page;
    try (first) {
      for (long step = 0; step < 6; step++)
        first.post("/v1/rewards", HackedRun.step("r", step, false));
      page = open(first, ColorScheme.LIGHT, 1280, 900, "r");
      assertThat(page.locator("canvas").first())
          .hasAttribute("aria-label", Pattern.compile("of 5 points"));
    }
    assertThat(page.locator("#status")).containsText("Not connected");
    complaints.clear(); // the browser's, that nobody was there
    try (Served second = new Served(HackedRun.spec(), ServeOptions.on("localhost", port))) {
      for (long step = 0; step < 3; step++)
        second.post("/v1/rewards", HackedRun.step("r", step, false));
      assertThat(page.locator("canvas").first())
          .hasAttribute("aria-label", Pattern.compile("of 2 points"));
      assertThat(page.locator("#status")).hasText("Live");
    }
    page.close();
    complaints.clear();
  }

  @Test
  void whatASampleSaysIsTextAndNothingElse() throws Exception {
    String nasty = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";
    try (Served server = new Served(HackedRun.spec(), ServeOptions.on("localhost", 0))) {
      for (int step = 0; step < 3; step++) {
        List<Map<String, Object>> samples = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          samples.add(
              Map.of(
                  "id",
                  nasty,
                  "prompt",
                  nasty,
                  "response",
                  nasty + i,
                  "reference",
                  nasty,
                  "correct",
                  nasty));
        }
        var answer =
            server.post(
                "/v1/rewards",
                JsonMapper.shared()
                    .writeValueAsString(Map.of("run", nasty, "step", step, "samples", samples)));
        assertEquals(200, answer.statusCode());
      }
      Page page = open(server, ColorScheme.LIGHT, 1280, 900, "");
      assertThat(page.locator("#run-title")).hasText(nasty);
      page.locator("#latest .sample > summary").first().click();
      assertThat(page.locator("#latest .sample pre").first()).hasText(nasty);
      assertEquals(0, page.locator("#page img, #page script").count());
      assertEquals(null, page.evaluate("window.hacked ?? null"));
    }
  }

  @Test
  void aKeyIsAskedForAndKeptInThisTabOnly() throws Exception {
    Path file = Path.of("target", "dashboard-test.keys").toAbsolutePath();
    java.nio.file.Files.deleteIfExists(file);
    String key = Keys.add(file, "browser");
    try (Served server =
        new Served(HackedRun.spec(), ServeOptions.on("localhost", 0).with(Keys.read(file)))) {
      for (String path :
          List.of("/dashboard/api/runs", "/dashboard/api/run", "/dashboard/events")) {
        assertEquals(401, server.get(path).statusCode(), path);
      }
      Page page = open(server, ColorScheme.LIGHT, 1280, 900, "");
      Locator input = page.getByLabel("This server needs a key");
      assertThat(input).isFocused();
      assertThat(page.locator("#page")).isHidden();

      input.fill("wrong");
      page.keyboard().press("Enter");
      assertThat(page.getByRole(AriaRole.ALERT)).hasText("This key is not one of them.");
      input.fill(key);
      page.keyboard().press("Enter");
      assertThat(page.locator("#status")).hasText("Live");
      assertThat(page.locator("#no-runs")).isVisible();
      assertEquals(0, page.evaluate("localStorage.length"));
      assertFalse(page.url().contains(key));
      page.reload();
      assertThat(page.locator("#status")).hasText("Live");
    }
  }

  @Test
  void theKeyboardIsEnough() {
    Page page = open("exp8-honest");
    assertThat(heading(page, "exp8-honest")).isVisible();
    page.keyboard().press("Tab");
    assertThat(page.getByText("Skip to the run")).isFocused();
    page.keyboard().press("Tab");
    assertThat(page.locator("#pause")).isFocused();
    page.keyboard().press("Tab");
    assertThat(page.locator("#runs button").first()).isFocused();
    Object outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    assertEquals("solid", outline);
    page.keyboard().press("Enter");
    assertThat(heading(page, "exp7-hacked")).isVisible();
    assertThat(page.locator("#run")).isFocused();
    assertThat(page.locator("#runs button").first()).hasAttribute("aria-current", "true");

    page.locator("#latest .sample > summary").first().focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("#latest .sample pre").first()).isVisible();
  }

  @Test
  void landmarksAndHeadingsTellAReaderWhereThingsAre() {
    Page page = open("exp7-hacked");
    assertThat(heading(page, "exp7-hacked")).isVisible();
    assertThat(page.getByRole(AriaRole.BANNER)).hasCount(1);
    assertThat(page.getByRole(AriaRole.MAIN)).hasCount(1);
    assertThat(
            page.getByRole(
                AriaRole.NAVIGATION, new GetByRoleOptions().setName("Runs").setExact(true)))
        .hasCount(1);
    Object skipped =
        page.evaluate(
            """
            [...document.querySelectorAll('h1,h2,h3,h4')].filter(h => h.checkVisibility())
              .map(h => +h.tagName[1]).reduce((last, level) => level > last + 1 ? 99 : Math.max(0, last === 99 ? 99 : level), 0)
            """);
    assertTrue(!skipped.equals(99), "a level of headings is skipped");
    assertThat(page.locator("canvas:not([aria-label])")).hasCount(0);
    assertThat(page.locator("#alarms")).hasAttribute("aria-live", "polite");
  }

  @Test
  void nothingIsWiderThanAPhone() {
    for (int width : new int[] {360, 320}) {
      Page page = open(hacked, ColorScheme.LIGHT, width, 740, "exp7-hacked");
      assertThat(page.locator("#suspicious .sample").first()).isVisible();
      page.locator("#suspicious .sample > summary").first().click();
      assertEquals(width, page.evaluate("document.documentElement.scrollWidth"));
    }
  }

  @Test
  void textStandsOutFromItsGround() {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      Page page = open(hacked, scheme, 1280, 900, "exp7-hacked");
      assertThat(page.locator("#suspicious .sample").first()).isVisible();
      page.locator("#suspicious .sample > summary").first().click();
      Object weak = page.evaluate(CONTRAST);
      assertEquals(List.of(), weak, scheme.toString());
    }
  }

  /** Texts whose contrast with what is painted behind them is below 4.5, after WCAG 2. */
  private static final String CONTRAST =
      """
      (() => {
        const rgb = text => text.match(/[\\d.]+/g).map(Number);
        const light = c => { const [r, g, b] = c.slice(0, 3).map(v => v / 255)
          .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const behind = element => { for (let e = element; e; e = e.parentElement) {
          const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
        return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
            && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
          .map(e => { const a = light(rgb(getComputedStyle(e).color)), b = light(behind(e));
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e]; })
          .filter(([ratio]) => ratio < 4.5).map(([ratio, e]) => e.tagName + '.' + e.className + ' ' + ratio);
      })()
      """;

  @Test
  void axeFindsNothingAgainstTheGuidelines() {
    Page page = open("exp7-hacked");
    assertThat(page.locator("#suspicious .sample").first()).isVisible();
    page.locator("#suspicious .sample > summary").first().click();
    page.getByText("As a table").first().click();
    AxeResults results =
        new AxeBuilder(page)
            .withTags(
                List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
            .analyze();
    assertTrue(results.getPasses().size() > 20, "it looked");
    assertEquals(
        List.of(),
        results.getViolations().stream()
            .map(rule -> rule.getId() + ": " + rule.getNodes().getFirst().getHtml())
            .toList());
  }

  @Test
  void picturesForTheEye() {
    shot(open(hacked, ColorScheme.LIGHT, 1280, 900, "exp7-hacked"), "light");
    shot(open(hacked, ColorScheme.DARK, 1280, 900, "exp7-hacked"), "dark");
    shot(open(hacked, ColorScheme.DARK, 360, 740, "exp7-hacked"), "phone");
  }

  private static void shot(Page page, String name) {
    assertThat(page.locator("#suspicious .sample").first()).isVisible();
    page.locator("#suspicious .sample > summary").first().click();
    page.screenshot(
        new Page.ScreenshotOptions()
            .setFullPage(true)
            .setPath(Path.of("target", "dashboard-" + name + ".png")));
  }
}
