package dev.goodhart.verify.math;

import java.util.Arrays;

/** A product of powers of atoms, {@code Π aᵢ^eᵢ}, with exponents that may be fractions. */
final class Monomial implements Comparable<Monomial> {
  static final Monomial ONE = new Monomial(new int[0], new Rational[0]);

  private final int[] atoms;
  private final Rational[] exponents;

  /**
   * @param atoms their numbers in the {@link Field}, ascending
   * @param exponents one an atom, none zero
   */
  private Monomial(int[] atoms, Rational[] exponents) {
    this.atoms = atoms;
    this.exponents = exponents;
  }

  static Monomial of(int atom, Rational exponent) {
    return exponent.isZero() ? ONE : new Monomial(new int[] {atom}, new Rational[] {exponent});
  }

  int size() {
    return atoms.length;
  }

  /** The number of the k-th atom. */
  int atom(int k) {
    return atoms[k];
  }

  /** The exponent of the k-th atom. */
  Rational exponent(int k) {
    return exponents[k];
  }

  boolean isOne() {
    return atoms.length == 0;
  }

  Monomial times(Monomial other) {
    if (isOne()) {
      return other;
    }
    if (other.isOne()) {
      return this;
    }
    int[] a = new int[atoms.length + other.atoms.length];
    Rational[] e = new Rational[a.length];
    int i = 0;
    int j = 0;
    int k = 0;
    while (i < atoms.length || j < other.atoms.length) {
      if (j == other.atoms.length || (i < atoms.length && atoms[i] < other.atoms[j])) {
        a[k] = atoms[i];
        e[k++] = exponents[i++];
      } else if (i == atoms.length || other.atoms[j] < atoms[i]) {
        a[k] = other.atoms[j];
        e[k++] = other.exponents[j++];
      } else {
        Rational sum = exponents[i].plus(other.exponents[j]);
        if (!sum.isZero()) {
          a[k] = atoms[i];
          e[k++] = sum;
        }
        i++;
        j++;
      }
    }
    return new Monomial(Arrays.copyOf(a, k), Arrays.copyOf(e, k));
  }

  Monomial pow(Rational exponent) {
    if (exponent.isZero()) {
      return ONE;
    }
    Rational[] e = new Rational[exponents.length];
    for (int i = 0; i < e.length; i++) {
      e[i] = exponents[i].times(exponent);
    }
    return new Monomial(atoms, e);
  }

  Rational exponentOf(int atom) {
    int at = Arrays.binarySearch(atoms, atom);
    return at < 0 ? Rational.ZERO : exponents[at];
  }

  /** The same without one of its atoms. */
  Monomial without(int atom) {
    int at = Arrays.binarySearch(atoms, atom);
    if (at < 0) {
      return this;
    }
    int[] a = new int[atoms.length - 1];
    Rational[] e = new Rational[a.length];
    for (int i = 0, k = 0; i < atoms.length; i++) {
      if (i != at) {
        a[k] = atoms[i];
        e[k++] = exponents[i];
      }
    }
    return new Monomial(a, e);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Monomial m
        && Arrays.equals(atoms, m.atoms)
        && Arrays.equals(exponents, m.exponents);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(atoms) + Arrays.hashCode(exponents);
  }

  /** Any order will do, as long as it is total. */
  @Override
  public int compareTo(Monomial other) {
    int byAtoms = Arrays.compare(atoms, other.atoms);
    return byAtoms != 0 ? byAtoms : Arrays.compare(exponents, other.exponents);
  }
}
