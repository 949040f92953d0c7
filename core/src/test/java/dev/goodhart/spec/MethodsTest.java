package dev.goodhart.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Group;
import dev.goodhart.Method;
import dev.goodhart.advantage.Advantage;
import dev.goodhart.advantage.Advantages;
import dev.goodhart.signal.Signal;
import dev.goodhart.transform.Affine;
import dev.goodhart.transform.Transform;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodsTest {
  @Test
  void findsGoodhartsOwnAndAUsersThroughTheServiceLoader() {
    assertEquals(Affine.class, Methods.loaded().of(Transform.class).get("affine"));
    assertEquals(
        TestMethods.Characters.class, Methods.loaded().of(Signal.class).get("test-characters"));
  }

  @Test
  void findsARoomThroughAnInterfaceOfTheUsersOwn() {
    assertEquals(TestMethods.Column.class, Methods.loaded().of(Signal.class).get("test-column"));
  }

  @Test
  void anOptionNamesAMethodAsASpecDoes() {
    assertEquals(
        new Affine(2, 1), Methods.read("affine: { scale: 2, shift: 1 }", "--by", Transform.class));
    String unknown =
        assertThrows(GoodhartException.class, () -> Methods.read("afine", "--by", Transform.class))
            .getMessage();
    assertTrue(unknown.startsWith("--by:1: unknown transform 'afine'"), unknown);
    assertTrue(unknown.contains("affine"), unknown);
  }

  @Method
  record Both() implements Transform, Advantage {
    @Override
    public double of(double reward, double[] references) {
      return reward;
    }

    @Override
    public Advantages of(Group group) {
      return new Advantages(new double[group.size()], group.mask());
    }
  }

  @Test
  void aMethodOfTwoRoomsIsKnownInBoth() {
    Methods methods = methods(List.of(Both.class));
    assertEquals(Both.class, methods.of(Transform.class).get("both"));
    assertEquals(Both.class, methods.of(Advantage.class).get("both"));
  }

  @Method(name = "affine")
  record Other() implements Transform {
    @Override
    public double of(double reward, double[] references) {
      return reward;
    }
  }

  @Test
  void twoMethodsOfOneNameInOneRoomAreRefused() {
    String message = failure(List.of(Affine.class, Other.class));
    assertTrue(message.contains("two methods are called 'affine'"), message);
    assertTrue(message.contains(Other.class.getName()), message);
  }

  @Test
  void theSameMethodFromTwoProvidersIsNoConflict() {
    assertEquals(
        Affine.class,
        methods(List.of(Affine.class, Affine.class)).of(Transform.class).get("affine"));
  }

  record Unmarked() implements Transform {
    @Override
    public double of(double reward, double[] references) {
      return reward;
    }
  }

  @Test
  void aRecordWithoutTheMarkIsRefused() {
    assertTrue(failure(List.of(Unmarked.class)).contains("not marked with @Method"));
  }

  @Method
  record Homeless() {}

  @Test
  void aRecordOfNoRoomIsRefused() {
    assertTrue(failure(List.of(Homeless.class)).contains("implements no room's interface"));
  }

  @Test
  void whatIsLoadedCannotBeChanged() {
    assertThrows(
        UnsupportedOperationException.class,
        () -> Methods.loaded().of(Transform.class).put("x", Affine.class));
  }

  private static Methods methods(List<Class<? extends Record>> offered) {
    return new Methods(List.of(() -> offered));
  }

  private static String failure(List<Class<? extends Record>> offered) {
    return assertThrows(GoodhartException.class, () -> methods(offered)).getMessage();
  }
}
