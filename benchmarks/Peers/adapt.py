"""Comodulation of ResNet-18 in PyTorch, one task after another: the peer of the benchmark `adapt-64`.

adapt.py FOLDER SIDE THREADS DEVICE reads model.safetensors, images.f32 and tasks.json from FOLDER, prints `ready VERSIONS`, and answers each line with one number:
    gradient VARIANT CUT            the loss of the first task's first step; its gradient [u, v] is in gradient.f32
    steps VARIANT CUT FIRST COUNT   seconds of the optimiser steps of COUNT tasks
    rest VARIANT CUT FIRST COUNT    seconds of one refresh of the decoder gain and one evaluation of each of them
    fill tuned CUT                  seconds in which the prefix of all images is computed
Variants: plain (float32, from the pixels each time, as one writes it) and tuned (bfloat16, channels-last, batch norm folded, activations cached).
"""
import copy
import json
import struct
import sys
import time

import torch
import torch.nn.functional as F
import torchvision
from torch.nn.utils.fusion import fuse_conv_bn_eval

DTYPES = {"F32": torch.float32}


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    return {
        name: torch.frombuffer(data, dtype=DTYPES[t["dtype"]], offset=t["data_offsets"][0], count=(t["data_offsets"][1] - t["data_offsets"][0]) // 4).view(t["shape"])
        for name, t in header.items()
    }


def fold(module):
    """Folds each batch norm into the convolution before it: torchvision names and orders them in pairs."""
    previous = None
    for name, child in list(module.named_children()):
        if isinstance(child, torch.nn.BatchNorm2d):
            setattr(module, previous[0], fuse_conv_bn_eval(previous[1], child))
            setattr(module, name, torch.nn.Identity())
        else:
            fold(child)
            previous = (name, child)


folder, (side, threads), device = sys.argv[1], map(int, sys.argv[2:4]), sys.argv[4]
torch.set_num_threads(threads)
weights = read_safetensors(f"{folder}/model.safetensors")
plain = torchvision.models.resnet18(num_classes=weights["fc.bias"].numel()).eval().requires_grad_(False)
missing = plain.load_state_dict(weights, strict=False)
assert not missing.unexpected_keys and all(k.endswith("num_batches_tracked") for k in missing.missing_keys), missing
plain = plain.to(device)
tuned = copy.deepcopy(plain)
fold(tuned)
tuned = tuned.requires_grad_(False).to(torch.bfloat16).to(memory_format=torch.channels_last)
head, bias = weights["fc.weight"].to(device, copy=True), weights["fc.bias"].to(device, copy=True)
images = torch.frombuffer(bytearray(open(f"{folder}/images.f32", "rb").read()), dtype=torch.float32).view(-1, 3, side, side).to(device)
tasks = json.load(open(f"{folder}/tasks.json"))


def now():
    """Seconds, when all that was asked of the device is done."""
    if device.startswith("cuda"):
        torch.cuda.synchronize()
    return time.perf_counter()


def prefix(model, x, stage):
    x = model.maxpool(model.relu(model.bn1(model.conv1(x))))
    for i in range(1, stage + 1):
        x = getattr(model, f"layer{i}")(x)
    return x


def suffix(model, h, stage):
    for i in range(stage + 1, 5):
        h = getattr(model, f"layer{i}")(h)
    return h.float().mean((2, 3))


caches = {}


def activations(variant, rows, stage):
    """[B, C, H, W]"""
    if variant == "plain":
        return prefix(plain, images[rows], stage)
    return caches[stage][rows].permute(0, 3, 1, 2)


def fill(stage):
    with torch.no_grad():
        inputs = images.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)
        caches[stage] = torch.cat([prefix(tuned, x, stage) for x in inputs.split(16)]).permute(0, 2, 3, 1).contiguous()


class Task:
    def __init__(self, variant, stage, task):
        self.variant, self.stage, self.task = variant, stage, task
        self.model = plain if variant == "plain" else tuned
        self.size = 56 >> (stage - 1)
        grid = min(task["grid"], self.size)
        self.u = torch.zeros(64 << (stage - 1), device=device, requires_grad=True)
        self.v = torch.zeros(grid, grid, device=device, requires_grad=True)
        self.g = torch.ones(512, device=device)
        self.tau = 1.0
        self.w, self.b = head[task["head"]], bias[task["head"]]
        self.optimiser = torch.optim.Adam([self.u, self.v], lr=task["rate"])
        # Tensors before the clock starts.
        self.batches = [torch.tensor(b, device=device) for b in task["batches"]]
        self.labels = [torch.tensor(b, device=device) for b in task["labels"]]
        self.held, self.held_labels = torch.tensor(task["held"], device=device), torch.tensor(task["held_labels"], device=device)

    def features(self, h, m=1.0):
        c = (self.u[:, None, None] + self.v).clamp(-self.task["cap"], self.task["cap"])
        gain = F.interpolate((c * m).exp()[None], (self.size, self.size))  # [1, C, H, W]
        return suffix(self.model, h * gain.to(h.dtype), self.stage)

    def loss(self, rows, labels):
        d = self.features(activations(self.variant, rows, self.stage))
        return F.cross_entropy((d * self.g) @ self.w.t() + self.b, labels)

    def gradient(self, step):
        self.optimiser.zero_grad()
        loss = self.loss(self.batches[step], self.labels[step])
        (loss + self.task["penalty"] * ((self.u ** 2).sum() + (self.v ** 2).sum())).backward()
        return loss

    def step(self, step):
        self.gradient(step)
        self.optimiser.step()

    @torch.no_grad()
    def refresh(self, step):
        sigma = self.task["sigma"]
        h = activations(self.variant, self.batches[step], self.stage)
        plus, minus = (self.features(h, 1 + s * sigma * 3 ** 0.5) for s in (1, -1))
        a = ((plus.mean(0) - minus.mean(0)) * (sigma * 3 ** 0.5 / 6)).clamp(min=0)
        if a.sum() >= 1e-4 * sigma ** 2 * ((plus.abs().mean(0) + minus.abs().mean(0)) / 2).sum() and a.sum() > 0:
            g = (self.g * self.tau + a / a.mean()) / (self.tau + 1)
            self.g, self.tau = g / g.mean(), min(100.0, self.tau + 1)

    @torch.no_grad()
    def evaluate(self):
        return self.loss(self.held, self.held_labels).item()


def rest(task):
    task.refresh(0)
    task.evaluate()


def steps(task):
    for step in range(len(task.batches)):
        task.step(step)


print(f"ready PyTorch {torch.__version__} on {device}", flush=True)
for line in sys.stdin:
    what, variant, cut, *numbers = line.split()
    stage = int(cut[-1])
    if what != "fill" and variant == "tuned" and stage not in caches:
        fill(stage)
    if what == "fill":
        start = now()
        fill(stage)
        print(now() - start, flush=True)
    elif what == "gradient":
        task = Task(variant, stage, tasks[0])
        loss = task.gradient(0)
        torch.cat([task.u.grad, task.v.grad.flatten()]).cpu().numpy().tofile(f"{folder}/gradient.f32")
        print(loss.item(), flush=True)
    else:
        first, count = map(int, numbers)
        chosen = [Task(variant, stage, tasks[(first + i) % len(tasks)]) for i in range(count)]
        if what == "rest":  # Gains that are not all 1, as in the middle of an adaptation.
            for task in chosen:
                task.u.data.fill_(0.1)
        start = now()
        for task in chosen:
            (steps if what == "steps" else rest)(task)
        print(now() - start, flush=True)
