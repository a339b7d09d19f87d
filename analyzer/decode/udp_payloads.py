"""UDP payloads of a batch: where they stand, and the ports they came from and went to."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.frozen import frozen
from analyzer.tables.schema import Bool, Int64


@frozen
class UdpPayloads:
    """UDP payloads: where they stand, and the ports."""

    p: Packets
    """The cursor is at the first byte of the payload."""
    source_port: Int64
    destination_port: Int64

    @property
    def wire_len(self) -> Int64:
        """Bytes of each on the wire."""
        return self.p.wire_end - self.p.at

    def on_port(self, *ports: int) -> Bool:
        """Tell which go to or come from one of the ports."""
        return self.to_port(*ports) | np.isin(self.source_port, ports)

    def to_port(self, *ports: int) -> Bool:
        """Tell which go to one of the ports."""
        return np.isin(self.destination_port, ports)
