package dev.goodhart.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar, with the JVM that runs it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    var properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in == null)
        throw new IOException("version.properties is missing beside " + Version.class);
      properties.load(in);
    }
    return new String[] {
      "goodhart " + properties.getProperty("version") + ", Java " + Runtime.version()
    };
  }
}
