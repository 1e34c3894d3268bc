"""Writes the golden outputs that BackboneGoldenTests.cs compares with: torchvision's residual networks on weights filled by a formula.

  python3 make_golden.py [folder]     # PyTorch 1.13, torchvision 0.14, CPU; writes resnet18.safetensors, resnet34..., resnet50...

FormulaWeights.cs computes the same weights and images, bit by bit, so only a sample of each stage's output is stored, with its largest
magnitude and its sum.
"""
import json, pathlib, struct, sys
import numpy as np, torch, torchvision

ROWS, SIZE, CLASSES, SAMPLE = 2, 64, 10, 512


def uniform(name, count):  # float32 in [-1, 1), multiples of 2^-23
    key = 2166136261  # FNV-1a of the name
    for c in name.encode():
        key = (key ^ c) * 16777619 & 0xFFFFFFFF
    z = np.uint32(key) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
    z = (z ^ z >> np.uint32(16)) * np.uint32(0x85EBCA6B)  # murmur3's finaliser
    z = (z ^ z >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    z ^= z >> np.uint32(16)
    return (z >> np.uint32(8)).astype(np.float32) * np.float32(2.0 ** -23) - np.float32(1)


def values(name, shape):
    if len(shape) == 4:
        scale, offset = np.sqrt(np.float32(3) / np.float32(np.prod(shape[1:]))), 0  # variance 1 / fan-in
    elif name == "fc.weight":
        scale, offset = 0.1, 0
    elif name.endswith(".running_var"):
        scale, offset = 0.25, 0.75
    elif name.endswith(".running_mean"):
        scale, offset = 0.1, 0
    elif name.endswith(".weight"):
        scale, offset = 0.25, 1
    else:
        scale, offset = 0.1, 0
    return (uniform(name, int(np.prod(shape))) * np.float32(scale) + np.float32(offset)).reshape(shape)


def stages(net, x):
    x = net.maxpool(net.relu(net.bn1(net.conv1(x))))
    yield "stem", x
    for name in ["layer1", "layer2", "layer3", "layer4"]:
        x = getattr(net, name)(x)
        yield name, x
    x = net.avgpool(x).flatten(1)
    yield "pool", x
    yield "logits", net.fc(x)


def sample(flat):  # an odd stride, so that channels and places both vary
    return flat[np.arange(min(SAMPLE, flat.size)) * (flat.size // SAMPLE | 1) % flat.size]


def save(path, tensors, metadata):  # the safetensors format, written by hand
    header, offset = {"__metadata__": metadata}, 0
    for name, t in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [offset, offset + t.nbytes]}
        offset += t.nbytes
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(t.tobytes() for t in tensors.values()))


def golden(name):
    net = getattr(torchvision.models, name)(num_classes=CLASSES).eval()
    net.load_state_dict({k: torch.tensor(0) if k.endswith("num_batches_tracked") else torch.from_numpy(values(k, tuple(t.shape)))
                         for k, t in net.state_dict().items()})
    images = uniform("images", ROWS * 3 * SIZE * SIZE)
    out = {"formula.images": images[:64], "formula.weight": values("layer2.0.conv1.weight", (64, 64, 3, 3)).ravel()[:64],
           "formula.variance": values("layer1.0.bn1.running_var", (64,))}
    with torch.no_grad():
        for stage, t in stages(net, torch.from_numpy(images.reshape(ROWS, 3, SIZE, SIZE))):
            flat = t.contiguous().numpy().ravel()
            print(name, stage, tuple(t.shape), "max", np.abs(flat).max(), "mean", np.abs(flat).mean())
            out[f"{stage}.sample"] = sample(flat)
            out[f"{stage}.max"] = np.abs(flat).max().reshape(1)
            out[f"{stage}.sum"] = np.array([flat.astype(np.float64).sum()], dtype=np.float32)
    return out


if __name__ == "__main__":
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    folder = folder if folder.is_dir() else folder.parent
    for name in ["resnet18", "resnet34", "resnet50"]:
        save(folder / f"{name}.safetensors", golden(name), {"torch": torch.__version__, "torchvision": torchvision.__version__})
