package dev.goodhart.neural.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchTest {
  @Test
  void loadsWithAsManyThreadsAsItIsTold() {
    Torch.load();
    Torch.load();

    assertEquals(Torch.threads(), torch.get_num_threads());
  }

  @Test
  void anotherLibtorchIsAnErrorAndNotACrash(@TempDir Path folder) throws IOException {
    Path other = Files.createFile(folder.resolve("libtorch_cpu.so"));

    var e =
        assertThrows(
            GoodhartException.class,
            () -> Torch.refuseAnother("/no/such/folder" + File.pathSeparator + folder));

    assertTrue(e.getMessage().startsWith(other + ": another libtorch"), e.getMessage());
  }

  @Test
  void foldersWithoutLibtorchAreFine(@TempDir Path folder) throws IOException {
    Files.createFile(folder.resolve("libtorchaudio.so"));

    Torch.refuseAnother("");
    Torch.refuseAnother(folder.toString());
  }
}
