"""Capture → message table, coverage and anomalies: every frame is accounted for.

Frames come in batches; the compiled scan works on several at once with the GIL released, and the
results are put together in the order of the capture. Without a compiler the reference parser and
the decoders of `analyzer.decode` do all of it, with the same result.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from analyzer.capture.mapped import Capture
from analyzer.decode import datagrams as decode_datagrams
from analyzer.decode.datagrams import decode_frames
from analyzer.decode.link_names import link_name
from analyzer.errors import AnalyzerError
from analyzer.rtp.counting import MediaCount
from analyzer.settings import Settings
from analyzer.sip import headers, message_rows, stream_start
from analyzer.sip.accounts import Accounts
from analyzer.sip.gather import Gather, Scanned
from analyzer.sip.headers import CompiledEndpointInterner, new_endpoints, same_bytes
from analyzer.sip.message_rows import read_rows, transaction_identity
from analyzer.sip.reassembly import Batch, Reassembly
from analyzer.sip.stream_start import read_starts, whole_messages
from analyzer.tables.anomalies import Coverage
from analyzer.tables.endpoints import EndpointInterner
from analyzer.tables.frames import FrameTable
from analyzer.tables.messages import MessageTable
from analyzer.tables.spans import Arena
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.vector import distinct

if TYPE_CHECKING:
    from analyzer.sip.dissection import Dissection
    from analyzer.sip.origin_log import OriginLog

__all__ = [
    "SCAN",
    "Scanned",
    "new_endpoints",
    "same_bytes",
    "scan_capture",
    "transaction_identity",
]

COMPILED = all(
    module.COMPILED for module in (decode_datagrams, headers, message_rows, stream_start)
)
SCAN = "compiled" if COMPILED else "reference"
"""Which scan is in use."""


def scan_capture(  # noqa: PLR0913, PLR0917 - what all captures of an analysis share
    capture: Capture,
    index: int,
    key: bytes,
    endpoints: EndpointInterner | CompiledEndpointInterner,
    methods: SymbolTable,
    settings: Settings,
    progress: Callable[[int], None] | None = None,
    *,
    arena: Arena | None = None,
    compiled: bool = COMPILED,
) -> Scanned:
    """Read all frames of a capture, which is number `index` of the analysis and of its spans; what
    Wireshark's engine has to read goes to it.
    """
    arena = Arena(index + 1) if arena is None else arena
    scan = partial(
        _scan, capture, index, key, endpoints, methods, settings, arena=arena, compiled=compiled
    )
    if settings.decoder == "native" and settings.keylog is None:
        scanned = scan(progress)
        if not capture.secrets:
            return scanned
    # few captures need it
    from analyzer.sip.dissection import decrypt, dissect_all  # noqa: PLC0415 - see above

    if settings.decoder == "tshark":
        return scan(progress, dissection=dissect_all(capture, index, settings))
    if settings.keylog is not None:
        return scan(progress, dissection=decrypt(capture, index, settings))
    try:
        dissection = decrypt(capture, index, settings)
    except AnalyzerError as error:  # nobody asked for it: the rest of the capture is what counts
        scanned.anomalies.add("tls-keys-unused", [], count=1, detail=str(error))
        return scanned
    return scanned if dissection is None else scan(None, dissection=dissection)


def _scan(  # noqa: PLR0913, PLR0917 - see above
    capture: Capture,
    index: int,
    key: bytes,
    endpoints: EndpointInterner | CompiledEndpointInterner,
    methods: SymbolTable,
    settings: Settings,
    progress: Callable[[int], None] | None,
    *,
    arena: Arena,
    compiled: bool,
    dissection: "Dissection | None" = None,
) -> Scanned:
    scanned = Scanned(MessageTable.zeros(0))
    read = partial(read_rows, key=key, settings=settings, compiled=compiled)
    accounts = Accounts(capture.data, index, arena, scanned.coverage, scanned.anomalies)
    accounts.origins = _new_origins(settings, index)
    reassembly = Reassembly(accounts, settings, read, compiled=compiled)
    gather = Gather(scanned, index, endpoints, methods)
    media: MediaCount | None = None
    seen = 0

    def work(frames: FrameTable) -> Batch:
        if dissection is None:
            decoded = decode_frames(capture.data, frames, settings, compiled=compiled)
        else:
            decoded = dissection.decode(capture.data, frames, settings)
        starts = read_starts(capture.data, decoded.segments, settings, compiled=compiled)
        datagrams = read(capture.data, decoded.datagrams)
        whole = read(capture.data, whole_messages(decoded.segments, starts))
        return Batch(frames, decoded, datagrams, starts.checked(whole.rows), whole)

    threads = settings.scan_threads if compiled else 1
    batches = capture.frames(index, settings.batch_frames)
    for batch in _in_order(work, batches, threads):
        end = int(batch.frames.pos[-1]) + int(batch.frames.captured[-1])
        if dissection is not None:
            dissection.hand_over(batch.frames, accounts)
        gather.add(batch, reassembly, end / len(capture.data))
        if len(batch.decoded.media):
            media = media or MediaCount(capture.data, settings, compiled=compiled)
            media.add(batch.decoded.media, batch.frames)
        _name_link_types(capture, batch.frames)
        if progress:
            progress(end - seen)
        seen = end
    if progress:
        progress(len(capture.data) - seen)
    gather.end(reassembly)
    if media is not None:
        scanned.rtp = media.end(index, scanned.anomalies, scanned.coverage)
    if gather.stated_last_ns >= 0:
        capture.info.stated_last_ns = gather.stated_last_ns
    scanned.anomalies.update(capture.anomalies)
    scanned.coverage.update(Coverage(limits_hit=dict(capture.limits_hit)))
    return scanned


def _new_origins(settings: Settings, index: int) -> "OriginLog | None":
    """Return where it is kept what brought reassembled bytes, None when nobody asks for it."""
    if not settings.origins:
        return None
    from analyzer.sip.origin_log import OriginLog  # noqa: PLC0415 - few commands ask for it

    return OriginLog(index)


def _in_order(
    work: Callable[[FrameTable], Batch], batches: Iterator[FrameTable], threads: int
) -> Iterator[Batch]:
    """Work on some batches at once, while the next frames are walked: at most one batch more than
    `threads` is worked on or waits to be taken. One batch needs no thread.
    """
    first = next(batches, None)
    second = next(batches, None)
    if first is None:
        return
    if second is None or threads < 2:
        yield work(first)
        yield from map(work, batches if second is None else chain((second,), batches))
        return
    # most captures have one batch
    from concurrent.futures import Future, ThreadPoolExecutor  # noqa: PLC0415 - see above
    from queue import SimpleQueue  # noqa: PLC0415 - see above
    from threading import Semaphore  # noqa: PLC0415 - see above

    room, wanted = Semaphore(threads + 1), True
    begun: SimpleQueue[Future[Batch] | None] = SimpleQueue()

    def walk() -> None:
        try:
            for frames in chain((first, second), batches):
                room.acquire()
                if not wanted:
                    return
                begun.put(pool.submit(work, frames))
        finally:
            begun.put(None)

    with ThreadPoolExecutor(threads + 1) as pool:
        walking = pool.submit(walk)
        try:
            while (waiting := begun.get()) is not None:
                batch = waiting.result()
                room.release()
                yield batch
            walking.result()
        finally:
            wanted = False
            room.release()
            pool.shutdown(cancel_futures=True)


def _name_link_types(capture: Capture, frames: FrameTable) -> None:
    numbers = frames.link_type
    kinds = numbers[:1] if (numbers == numbers[0]).all() else distinct(numbers)
    for number in kinds.tolist():
        name = link_name(number)
        if name not in capture.info.link_types:
            capture.info.link_types.append(name)
