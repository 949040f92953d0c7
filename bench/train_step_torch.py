#!/usr/bin/env python3
"""The training step of TrainStep.java in PyTorch, eager: prints the median step in milliseconds,
the mean processor time of a step, and the last step's loss.

    train_step_torch.py WARM STEPS TORCH_THREADS
"""
import random
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

BATCH, TIME, VOCABULARY, WIDTH, INNER, LAYERS, HEADS = 32, 64, 256, 128, 344, 4, 4


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        if hasattr(F, "rms_norm"):
            return F.rms_norm(x, (WIDTH,), self.weight, 1e-6)
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


def linear(inputs, outputs, deviation=0.02):
    layer = nn.Linear(inputs, outputs, bias=False)
    nn.init.normal_(layer.weight, std=deviation)
    return layer


def turn(x, cos, sin):
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        small = 0.02 / (2 * LAYERS) ** 0.5
        self.norm, self.mlp_norm = Norm(), Norm()
        self.q, self.k, self.v = (linear(WIDTH, WIDTH) for _ in range(3))
        self.o = linear(WIDTH, WIDTH, small)
        self.gate, self.up = linear(WIDTH, INNER), linear(WIDTH, INNER)
        self.down = linear(INNER, WIDTH, small)

    def forward(self, x, cos, sin, mask):
        n, t, _ = x.shape
        h = self.norm(x)
        q, k, v = (f(h).view(n, t, HEADS, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        q, k = turn(q, cos, sin), turn(k, cos, sin)
        if hasattr(F, "scaled_dot_product_attention"):
            seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            seen = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + mask).softmax(-1) @ v
        x = x + self.o(seen.transpose(1, 2).reshape(n, t, WIDTH))
        h = self.mlp_norm(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Llama(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, WIDTH)
        nn.init.normal_(self.table.weight, std=0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = Norm()
        half = WIDTH // HEADS // 2
        angles = torch.outer(torch.arange(TIME), 10_000.0 ** (-torch.arange(half) / half))
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())
        self.register_buffer("mask", torch.full((TIME, TIME), float("-inf")).triu(1))

    def forward(self, ids):
        x = self.table(ids)
        for layer in self.layers:
            x = layer(x, self.cos, self.sin, self.mask)
        return self.norm(x) @ self.table.weight.T


def main():
    warm, steps, threads = map(int, sys.argv[1:4])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    random.seed(1)
    model = Llama()
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}]
    settings = dict(lr=1e-3, betas=(0.9, 0.95), eps=1e-8)
    try:
        optimiser = torch.optim.AdamW(groups, fused=True, **settings)
    except (RuntimeError, TypeError):
        optimiser = torch.optim.AdamW(groups, **settings)
    times = []
    for step in range(-warm, steps):
        batch = []
        for _ in range(BATCH):
            by, first = random.randrange(1, 4), random.randrange(VOCABULARY)
            batch.append([(first + by * t) % VOCABULARY for t in range(TIME + 1)])
        if step == 0:
            cpu = time.process_time()
        start = time.perf_counter()
        ids = torch.tensor(batch)
        loss = F.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimiser.step()
        value = loss.item()
        if step >= 0:
            times.append((time.perf_counter() - start) * 1e3)
    cpu = (time.process_time() - cpu) * 1e3 / steps
    print(f"{statistics.median(times):.2f} ms, {cpu:.2f} ms of processors, loss {value:.4f}")


if __name__ == "__main__":
    main()
