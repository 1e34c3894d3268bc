"""ResNet-18 in PyTorch, the peer of the benchmark `forward`.

forward.py FOLDER BATCH SIDE THREADS writes the model, a batch and its logits into FOLDER, prints `ready VERSIONS`, and answers each line
`VARIANT REPEATS` with the seconds that the forward passes took.
"""
import copy
import json
import struct
import sys
import time

import torch
import torchvision


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * 4
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.contiguous().numpy().tobytes())


folder, (batch, side, threads) = sys.argv[1], map(int, sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(0)
model = torchvision.models.resnet18().eval()
images = torch.randn(batch, 3, side, side)

with torch.no_grad():
    write_safetensors(f"{folder}/model.safetensors", {n: t.float() for n, t in model.state_dict().items() if not n.endswith("num_batches_tracked")})
    torch.onnx.export(model, images, f"{folder}/model.onnx", opset_version=13, input_names=["images"], output_names=["logits"])
    images.numpy().tofile(f"{folder}/images.f32")
    model(images).numpy().tofile(f"{folder}/logits.f32")

tuned = copy.deepcopy(model).to(torch.bfloat16).to(memory_format=torch.channels_last)
variants = {
    "float32": (model, images),
    "bfloat16": (tuned, images.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)),
}
print(f"ready PyTorch {torch.__version__}", flush=True)
for line in sys.stdin:
    variant, repeats = line.split()
    network, inputs = variants[variant]
    with torch.no_grad():
        start = time.perf_counter()
        for _ in range(int(repeats)):
            network(inputs)
        print(time.perf_counter() - start, flush=True)
