package dev.goodhart.verify.code;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads plain data that Python pickled: None, truth values, whole numbers, fractions, text, lists,
 * tuples and dictionaries of these. Whatever names a class or calls a function is refused, so
 * nothing in such data can make anything run.
 *
 * <p>The codes are those of Python's {@code pickletools}, protocols 2 to 5. An object that was
 * stored once and is referred to again is the same object here: walk the result with a bound.
 */
public final class PlainPickle {
  /**
   * What a few bytes may unfold to, once they are inflated, is bounded twice: in bytes, and here.
   */
  private static final int MOST_CODES = 1 << 20;

  private static final Object MARK = new Object();

  private final ByteBuffer in;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new LinkedHashMap<>();

  /** In place of null, which a deque does not hold. */
  private static final Object NONE = new Object();

  private PlainPickle(byte[] pickle) {
    in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The value in a text that was pickled, compressed (zlib) and written in base 64.
   *
   * @param most bytes of the pickle
   * @throws IllegalArgumentException if it is no such text, holds anything but plain data, or has
   *     more than a million values
   */
  public static @Nullable Object unpacked(String text, int most) {
    try (InflaterInputStream inflated =
        new InflaterInputStream(
            new ByteArrayInputStream(Base64.getMimeDecoder().decode(text.strip())))) {
      byte[] pickle = inflated.readNBytes(most);
      if (pickle.length == most) {
        throw new IllegalArgumentException("it is larger than " + most + " bytes unpacked");
      }
      return new PlainPickle(pickle).value();
    } catch (IOException | BufferUnderflowException | ClassCastException e) {
      throw new IllegalArgumentException("it is not packed plain data", e);
    }
  }

  private @Nullable Object value() {
    for (int codes = 0; codes < MOST_CODES; codes++) {
      int code = in.get() & 0xff;
      switch (code) {
        case 0x80 -> in.get(); // protocol
        case 0x95 -> in.getLong(); // frame
        case '(' -> stack.push(MARK);
        case 'N' -> stack.push(NONE);
        case 0x88 -> stack.push(true);
        case 0x89 -> stack.push(false);
        case 'J' -> stack.push((long) in.getInt());
        case 'K' -> stack.push((long) (in.get() & 0xff));
        case 'M' -> stack.push((long) (in.getShort() & 0xffff));
        case 0x8a -> stack.push(number(in.get() & 0xff));
        case 'G' -> stack.push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
        case 'X' -> stack.push(text(in.getInt()));
        case 0x8c -> stack.push(text(in.get() & 0xff));
        case 0x8d -> stack.push(text(in.getLong()));
        case ']' -> stack.push(new ArrayList<@Nullable Object>());
        case '}' -> stack.push(new LinkedHashMap<String, @Nullable Object>());
        case ')' -> stack.push(List.of());
        case 't' -> stack.push(Collections.unmodifiableList(toMark()));
        case 0x85 -> stack.push(tuple(1));
        case 0x86 -> stack.push(tuple(2));
        case 0x87 -> stack.push(tuple(3));
        case 'a' -> append(tuple(1));
        case 'e' -> append(toMark());
        case 's' -> put(tuple(2));
        case 'u' -> put(toMark());
        case 0x94 -> memo.put(memo.size(), top());
        case 'q' -> memo.put(in.get() & 0xff, top());
        case 'r' -> memo.put(in.getInt(), top());
        case 'h' -> stack.push(known(in.get() & 0xff));
        case 'j' -> stack.push(known(in.getInt()));
        case '.' -> {
          return plain(pop());
        }
        default ->
            throw new IllegalArgumentException(
                "it holds more than plain data (pickle code 0x%02x)".formatted(code));
      }
    }
    throw new IllegalArgumentException("it has more than " + MOST_CODES + " values");
  }

  private Object top() {
    if (stack.isEmpty()) throw broken();
    return stack.peek();
  }

  private Object pop() {
    if (stack.isEmpty()) throw broken();
    return stack.pop();
  }

  private Object known(int place) {
    Object value = memo.get(place);
    if (value == null) throw broken();
    return value;
  }

  private static @Nullable Object plain(Object value) {
    if (value == MARK) throw broken();
    return value == NONE ? null : value;
  }

  private List<@Nullable Object> toMark() {
    List<@Nullable Object> values = new ArrayList<>();
    for (Object value = pop(); value != MARK; value = pop()) {
      values.add(plain(value));
    }
    Collections.reverse(values);
    return values;
  }

  private List<@Nullable Object> tuple(int size) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(plain(pop()));
    }
    Collections.reverse(values);
    return Collections.unmodifiableList(values);
  }

  @SuppressWarnings("unchecked") // only such lists are on the stack
  private void append(List<@Nullable Object> values) {
    if (!(top() instanceof ArrayList<?> list)) throw broken();
    ((List<@Nullable Object>) list).addAll(values);
  }

  @SuppressWarnings("unchecked") // only such maps are on the stack
  private void put(List<@Nullable Object> pairs) {
    if (!(top() instanceof Map<?, ?> map) || pairs.size() % 2 != 0) throw broken();
    for (int i = 0; i < pairs.size(); i += 2) {
      if (!(pairs.get(i) instanceof String name)) {
        throw new IllegalArgumentException("it has a dictionary whose keys are not text");
      }
      ((Map<String, @Nullable Object>) map).put(name, pairs.get(i + 1));
    }
  }

  /** Little endian, two's complement. */
  private Object number(int size) {
    if (size > in.remaining()) throw broken();
    byte[] bytes = new byte[size];
    for (int i = size - 1; i >= 0; i--) {
      bytes[i] = in.get();
    }
    return size == 0 ? (Object) 0L : (Object) new java.math.BigInteger(bytes);
  }

  private String text(long size) {
    if (size < 0 || size > in.remaining()) throw broken();
    byte[] bytes = new byte[(int) size];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException broken() {
    return new IllegalArgumentException("it is not packed plain data");
  }
}
