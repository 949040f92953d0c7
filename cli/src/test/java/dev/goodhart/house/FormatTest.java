package dev.goodhart.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Main;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormatTest {
  @Test
  void everyJavaFileIsFormatted() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--dry-run", "--set-exit-if-changed"));
    for (String module : Checkout.MODULES) {
      for (Path file : Checkout.files(module, "src", ".java")) arguments.add(file.toString());
    }
    var unformatted = new StringWriter();
    var errors = new StringWriter();
    new Main(
            new PrintWriter(unformatted, true),
            new PrintWriter(errors, true),
            new ByteArrayInputStream(new byte[0]))
        .format(arguments.toArray(String[]::new));

    assertEquals("", errors.toString());
    assertEquals("", unformatted.toString(), "not formatted; run bin/format");
  }
}
