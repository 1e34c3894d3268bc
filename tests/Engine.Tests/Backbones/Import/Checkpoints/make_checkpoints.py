"""Writes the small files of PyTorch that PyTorchFilesTests.cs reads: a residual network of two stages on the weights of make_golden.py.

  python3 make_checkpoints.py     # PyTorch 1.13, torchvision 0.14
"""
import argparse, pathlib, sys
import torch, torchvision

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "Golden"))
from make_golden import values


def layers(*planes):  # a stage of one basic block each
    stages = []
    for k, (into, out) in enumerate(zip(planes, planes[1:])):
        stride = 1 if k == 0 else 2
        shortcut = None if k == 0 else torch.nn.Sequential(torch.nn.Conv2d(into, out, 1, stride, bias=False), torch.nn.BatchNorm2d(out))
        stages.append(torch.nn.Sequential(torchvision.models.resnet.BasicBlock(into, out, stride, shortcut)))
    return stages


class Small(torch.nn.Module):
    def __init__(self, head=True):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 4, 7, 2, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.layer1, self.layer2 = layers(4, 4, 8)
        if head:
            self.fc = torch.nn.Linear(8, 3)
        self.load_state_dict({k: t if k.endswith("num_batches_tracked") else torch.from_numpy(values(k, tuple(t.shape)))
                              for k, t in self.state_dict().items()})


class Wrapped(torch.nn.Module):
    def __init__(self, name, inner):
        super().__init__()
        setattr(self, name, inner)


def save(name, what, older=False):
    torch.save(what, HERE / name, _use_new_zipfile_serialization=not older)


net = Small()
save("plain.pth", net.state_dict())
save("older.pth", net.state_dict(), older=True)
trained = Wrapped("module", Small())
optimizer = torch.optim.SGD(trained.parameters(), 0.1, momentum=0.9)
sum(p.square().sum() for p in trained.parameters()).backward()
optimizer.step()
trained.module.load_state_dict(net.state_dict())
checkpoint = {"epoch": 3, "best": 0.5, "arch": "small", "state_dict": trained.state_dict(), "optimizer": optimizer.state_dict()}
save("trainer.pth", checkpoint)
save("trainer-older.pth", checkpoint, older=True)
save("parameters.pth", {f"backbone.{k}": t for k, t in Small(head=False).to(memory_format=torch.channels_last).named_parameters()}
     | {f"backbone.{k}": t for k, t in net.named_buffers()} | {"projector.0.weight": torch.zeros(2, 8)})
save("double.pt", {"model": Wrapped("model", Small()).double().state_dict()})
save("namespace.pth", {"state_dict": net.state_dict(), "args": argparse.Namespace(lr=0.1)})
save("whole.pth", net.layer1)
save("whole-older.pth", net.layer1, older=True)
