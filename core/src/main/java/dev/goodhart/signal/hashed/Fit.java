package dev.goodhart.signal.hashed; public record Fit(int x) {}
