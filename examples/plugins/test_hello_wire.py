"""What every source promises, shown on what Hello Agency once answered."""

from pathlib import Path

from hello_wire import HelloWire

from ccgcii.testing import SourceSuite


class TestHelloWire(SourceSuite):
    """The wire keeps every promise of a source."""

    source = HelloWire
    recording = Path(__file__).with_name("hello_wire")
