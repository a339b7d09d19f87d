"use strict";
/* What the page does: draws ladders, shows the table of calls, opens one. Text from the capture is
   only ever put in as text, never as markup. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const SVG = "http://www.w3.org/2000/svg";
  const PAGE = 100;

  const say = (key, values = {}) =>
    words[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  /* What is no visible character is shown as its number: controls, marks that turn the direction. */
  const visible = (text) =>
    String(text).replace(/[\p{C}\p{Z}]/gu, (each) => {
      if (each === " " || each === "\u00a0" || each === "\u3000") return each;
      const number = each.codePointAt(0);
      return "\\u" + number.toString(16).padStart(4, "0");
    });
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "on") for (const [kind, act] of Object.entries(value)) made.addEventListener(kind, act);
      else if (value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  };
  const shape = (name, attributes = {}, text = null) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== null) made.textContent = text;
    return made;
  };
  const count = (key, n) => say(`${key}.${n === 1 ? "one" : "other"}`, { n: n.toLocaleString() });
  const period = (ms) => {
    if (ms === null || ms === undefined) return "";
    if (ms < 1000) return say("duration.ms", { n: Math.round(ms) });
    if (ms < 60000) return say("duration.s", { n: (Math.round(ms / 100) / 10).toFixed(1) });
    const seconds = Math.round(ms / 1000);
    if (seconds < 3600) return say("duration.min", { n: Math.floor(seconds / 60), s: seconds % 60 });
    const minutes = Math.round(seconds / 60);
    return say("duration.h", { n: Math.floor(minutes / 60), min: minutes % 60 });
  };
  const frameName = (frame) => (data.captures > 1 ? frame.join(":") : String(frame[1]));

  /* ---- ladders ---------------------------------------------------------------------------- */

  const LANE = 200, LEFT = 90, ROW = 30, TOP = 34, BAND = 44, STRIP = 8;

  const classOf = (arrow) => {
    if (!arrow.status) return "request";
    if (arrow.status < 200) return "provisional";
    if (arrow.status < 300) return "success";
    return arrow.status < 400 ? "redirection" : "failure";
  };

  const shorten = (text, room) => (text.length > room ? text.slice(0, room - 1) + "…" : text);

  /* Draws {lanes, arrows, bands}; `choose` is called with the number of an arrow. */
  function drawLadder(ladder, choose) {
    const { lanes, arrows, bands = [] } = ladder;
    const width = LEFT + lanes.length * LANE;
    const rows = arrows.reduce((sum, arrow) => sum + 1 + (arrow.left_out ? 1 : 0), 0);
    const height = TOP + rows * ROW + bands.length * BAND + 16;
    const svg = shape("svg", {
      width, height, viewBox: `0 0 ${width} ${height}`, role: choose ? "group" : "img",
      "aria-label": say("page.ladder"),
    });
    const place = (lane) => LEFT + lane * LANE + LANE / 2;
    lanes.forEach((lane, at) => {
      svg.append(shape("line", { class: "lane", x1: place(at), x2: place(at), y1: TOP - 8, y2: height - 8 }));
      const host = shape("text", { class: "host", x: place(at), y: 16 }, shorten(visible(lane), 26));
      host.append(shape("title", {}, visible(lane)));
      svg.append(host);
    });
    const behind = shape("g");
    svg.append(behind);
    const begins = [];
    const drawn = [];
    let y = TOP + 8;
    const drawBands = (at) => {
      for (const band of bands.filter((each) => each.first === at)) {
        band.y = y;
        svg.append(drawBand(band, place, y));
        y += BAND;
      }
    };
    arrows.forEach((arrow, at) => {
      drawBands(at);
      begins.push(y);
      const from = place(arrow.source), to = place(arrow.destination);
      const group = shape("g", { class: `arrow ${classOf(arrow)}` });
      const repeats = arrow.repeats ? ` ×${arrow.repeats + 1}` : "";
      const label = visible(arrow.label) + repeats;
      const told = [
        `${label}, ${visible(lanes[arrow.source])} → ${visible(lanes[arrow.destination])}`,
        say("page.frame", { n: frameName(arrow.frame) }), arrow.time,
        arrow.decisive ? say("page.decisive") : "",
      ].filter(Boolean).join(words.list);
      group.append(shape("rect", { class: "hit", x: 2, y: y - 14, width: width - 4, height: ROW - 2, rx: 4 }));
      group.append(shape("text", { class: "time", x: LEFT - 22, y: y + 8 }, arrow.time));
      if (arrow.decisive) group.append(shape("text", { class: "star", x: LEFT - 18, y: y + 8 }, "★"));
      const room = Math.max(16, Math.floor((Math.abs(to - from) || LANE) / 7) - 2);
      if (from === to) {
        group.append(shape("path", { d: `M ${from} ${y} h 34 v 9 h -30` }));
        group.append(shape("polygon", { points: `${from + 1},${y + 9} ${from + 9},${y + 5} ${from + 9},${y + 13}` }));
        group.append(shape("text", { class: "label", x: from + 92, y: y + 8 }, shorten(label, 20)));
      } else {
        const way = to > from ? 1 : -1;
        group.append(shape("line", { x1: from, x2: to - way * 6, y1: y + 8, y2: y + 8 }));
        group.append(shape("polygon", { points: `${to},${y + 8} ${to - way * 9},${y + 4} ${to - way * 9},${y + 12}` }));
        group.append(shape("text", { class: "label", x: (from + to) / 2, y: y + 3 }, shorten(label, room)));
      }
      if (choose) {
        group.setAttribute("role", "button");
        group.setAttribute("tabindex", at === 0 ? "0" : "-1");
        group.setAttribute("aria-label", told);
        group.setAttribute("aria-pressed", "false");
        group.addEventListener("click", () => pick(at));
        group.addEventListener("keydown", (event) => {
          const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
          if (step && drawn[at + step]) { pick(at + step); drawn[at + step].focus(); event.preventDefault(); }
          if (event.key === "Enter" || event.key === " ") { pick(at); event.preventDefault(); }
        });
      } else group.append(shape("title", {}, told));
      drawn.push(group);
      svg.append(group);
      y += ROW;
      if (arrow.left_out) {
        svg.append(shape("text", { class: "soft", x: LEFT, y: y + 8 }, `⋮ ${say("page.left_out", { n: arrow.left_out })}`));
        y += ROW;
      }
    });
    drawBands(arrows.length);
    begins.push(y);
    const strips = new Map();
    for (const band of bands) {
      const way = place(band.destination) < place(band.source) ? -1 : 1;
      const side = `${band.source} ${way}`;
      strips.set(side, (strips.get(side) ?? -1) + 1);
      const x = place(band.source) + way * (3 + strips.get(side) * (STRIP + 2)) - (way < 0 ? STRIP : 0);
      behind.append(shape("rect", {
        class: "band", x, y: band.y - 8, width: STRIP, rx: 2, height: Math.max(begins[band.last] - band.y - 4, BAND - 8),
      }));
    }
    const pick = (at) => {
      drawn.forEach((group, other) => {
        group.setAttribute("aria-pressed", String(other === at));
        group.setAttribute("tabindex", other === at ? "0" : "-1");
      });
      choose(at);
    };
    svg.pick = pick;
    return svg;
  }

  /* One direction of media: a broad arrow with what was counted; a strip goes on beside its sender. */
  function drawBand(band, place, y) {
    const from = place(band.source), to = place(band.destination);
    const group = shape("g", { class: "media", role: "img", "aria-label": band.told });
    const way = to < from ? -1 : 1;
    const end = from === to ? from + 150 : to;
    const back = end - way * 12;
    group.append(shape("title", {}, band.told));
    group.append(shape("polygon", {
      class: "band", points: `${from},${y - 8} ${back},${y - 8} ${end},${y + 9} ${back},${y + 26} ${from},${y + 26}`,
    }));
    group.append(shape("text", { class: "time", x: LEFT - 22, y: y + 13 }, band.time));
    const room = Math.max(16, Math.floor((Math.abs(end - from) - 16) / 6.4));
    band.lines.forEach((line, at) => {
      group.append(shape("text", { class: "counted", x: (from + back) / 2, y: y + 6 + at * 15 }, shorten(line, room)));
    });
    return group;
  }

  for (const place of document.querySelectorAll("[data-ladder]")) {
    const ladder = data.ladders[Number(place.dataset.ladder)];
    if (ladder) place.append(drawLadder(ladder, null));
  }

  /* ---- details ---------------------------------------------------------------------------- */

  const unpacked = new Map();

  async function unpack(number) {
    if (!unpacked.has(number)) {
      const bytes = Uint8Array.from(atob(document.getElementById(`chunk-${number}`).textContent), (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      const text = await new Response(stream).text();
      const found = { findings: [], messages: [], texts: {} };
      for (const line of text.split("\n")) {
        const record = JSON.parse(line);
        if (record.type === "finding") found.findings.push(record);
        else if (record.type === "message") found.messages.push(record);
        else if (record.type === "texts") found.texts = record.of_message;
        else found[`${record.type}-${record.id}`] = record;
      }
      unpacked.set(number, found);
    }
    return unpacked.get(number);
  }

  const MOST_BANDS = 12;
  const place = (end, withPort) =>
    withPort ? `${end.address.includes(":") ? `[${end.address}]` : end.address}:${end.port}` : end.address;

  /* The ladder of a record: hosts in path order, repeats folded into what they repeat. */
  function ladderOf(record, found) {
    const own = new Set(record.transactions);
    const messages = found.messages.filter((each) => own.has(each.transaction) || (each.transaction === null && record.call_ids?.includes(each.call_id)));
    const withPort = messages.some((each) => each.source.address === each.destination.address);
    const lanes = withPort ? [] : [...(record.hops ?? [])];
    const lane = (end) => {
      const name = place(end, withPort);
      if (!lanes.includes(name)) lanes.push(name);
      return lanes.indexOf(name);
    };
    const decisive = new Set(found.findings.filter((each) => own.has(each.transaction)).map((each) => String(each.frame)));
    const start = messages.length ? messages[0].time_ns : 0;
    const arrows = [], byId = new Map();
    for (const each of messages) {
      let repeated = each.retransmission_of ?? each.copy_of;
      while (repeated !== null && byId.has(repeated) && byId.get(repeated).of !== undefined) repeated = byId.get(repeated).of;
      const before = repeated === null ? undefined : byId.get(repeated);
      if (before) {
        before.repeats += 1;
        byId.set(each.id, { of: repeated, get repeats() { return before.repeats; }, set repeats(n) { before.repeats = n; } });
        if (decisive.has(String(each.frame))) before.decisive = true;
        continue;
      }
      const usual = record.type === "call" ? "INVITE" : messages[0].cseq.method;
      const method = each.cseq.method && each.cseq.method !== usual ? ` (${each.cseq.method})` : "";
      const arrow = {
        id: each.id, frame: each.frame, status: each.status, repeats: 0,
        source: lane(each.source), destination: lane(each.destination),
        label: each.status ? `${each.status} ${each.reason ?? ""}`.trim() + method : each.method ?? "?",
        time: ((each.time_ns - start) / 1e9).toFixed(3), time_ns: each.time_ns,
        decisive: decisive.has(String(each.frame)), message: each,
      };
      arrows.push(arrow);
      byId.set(each.id, arrow);
    }
    const bands = (record.streams ?? []).slice(0, MOST_BANDS).map((stream) => bandOf(stream, arrows, lane, start));
    const used = new Set([...arrows, ...bands].flatMap((each) => [each.source, each.destination]));
    const kept = lanes.map((_, at) => at).filter((at) => used.has(at));
    for (const each of [...arrows, ...bands]) {
      each.source = kept.indexOf(each.source);
      each.destination = kept.indexOf(each.destination);
    }
    return { lanes: kept.map((at) => lanes[at]), arrows, bands };
  }

  /* What RTP of one source is drawn as: behind the messages that came before its first packet, to
     those that came before its last. */
  function bandOf(stream, arrows, lane, start) {
    const before = (ns) => arrows.filter((arrow) => arrow.time_ns <= ns).length;
    const since = (ns) => ((ns - start) / 1e9).toFixed(3);
    const values = {
      codec: visible(stream.codec ?? stream.payload_type),
      packets: count("packets", stream.packets),
      lost: stream.lost.toLocaleString(),
      percent: ((100 * stream.lost) / Math.max(stream.expected, 1)).toFixed(1),
      source: place(stream.source, true), destination: place(stream.destination, true),
      first: since(stream.first_ns), last: since(stream.last_ns),
      length: period((stream.last_ns - stream.first_ns) / 1e6),
    };
    return {
      source: lane(stream.source), destination: lane(stream.destination),
      first: before(stream.first_ns), last: before(stream.last_ns), time: values.first,
      lines: [say("page.rtp", values), say("page.rtp_counted", values)], told: say("page.rtp_told", values),
    };
  }

  /* The header lines of a message that findings rest on. */
  function markedHeaders(message, findings, messages) {
    const names = new Set();
    for (const finding of findings) {
      const isJudged = String(finding.frame) === String(message.frame);
      const isRequest = message.status === null && message.transaction === finding.transaction;
      for (const [name, value] of Object.entries(finding.evidence)) {
        if (value === null) continue;
        const [family, header] = name.split(".");
        const lines = family === "request" || family === "response"
          ? [[family, (header ?? "").replaceAll("_", "-")]] : data.rests_on[family] ?? [];
        for (const [side, line] of lines) {
          const isNotify = side === "notify" && message.method === "NOTIFY" && message.id < judgedId(finding, messages);
          if ((side === "response" && isJudged) || (side === "request" && (isRequest || (isJudged && message.status === null))) || isNotify) names.add(line.toLowerCase());
        }
      }
    }
    return names;
  }
  const judgedId = (finding, messages) =>
    messages.find((each) => String(each.frame) === String(finding.frame))?.id ?? -1;

  function messageText(text, headers) {
    const pre = element("pre", { tabindex: "0" });
    let inHead = true;
    text.split("\n").forEach((line, at) => {
      if (line === "") inHead = false;
      const name = line.split(":")[0].trim().toLowerCase();
      const full = data.compact[name] ?? name;
      if (at) pre.append("\n");
      pre.append(inHead && at && headers.has(full) ? element("mark", {}, visible(line)) : visible(line));
    });
    return pre;
  }

  const facts = (pairs) =>
    element("dl", { class: "facts" }, ...pairs.filter(([, value]) => value).flatMap(([label, value]) =>
      [element("dt", {}, label), element("dd", {}, typeof value === "string" ? visible(value) : value)]));

  const list = (items, name = "steps") => element("ul", { class: name }, ...items.map((each) => element("li", {}, visible(each))));

  function findingPart(finding) {
    const likely = finding.likely
      ? say("finding.confidence", { text: finding.likely.text, confidence: say(`confidence.${finding.likely.confidence}`) }) : "";
    const evidence = Object.entries(finding.evidence).map(([name, value]) => `${name}: ${value ?? say("finding.not_there")}`);
    return element("article", { class: `finding ${finding.severity}` },
      element("h3", {}, element("span", { class: `badge ${finding.severity}` }, say(`severity.${finding.severity}`)),
        visible(say("finding.heading", { title: finding.title, case: finding.case })), element("span", { class: "rule" }, finding.rule)),
      facts([
        [say("page.certain"), finding.message], [say("page.likely"), likely],
        [say("page.steps"), finding.next_steps.length ? list(finding.next_steps) : ""],
      ]),
      element("details", {}, element("summary", {}, say("page.evidence")), facts([
        [say("page.evidence"), evidence.length ? list(evidence, "plain") : ""],
        [say("page.references"), finding.references.join(words.list)],
      ])));
  }

  const person = (party) => (party ? [party.display, party.uri].filter(Boolean).join("  ") : "");

  function recordFacts(record) {
    if (record.type !== "call") return facts([[say("page.call_ids"), record.call_id ?? (record.call_ids ?? []).join(words.list)]]);
    const times = [
      record.session_request_delay_ms === null ? "" : say("page.delay", { n: period(record.session_request_delay_ms) }),
      record.ring_ms === null ? "" : say("page.ring", { n: period(record.ring_ms) }),
      record.talk_ms === null ? "" : say("page.talk", { n: period(record.talk_ms) }),
    ].filter(Boolean).join(words.list);
    const codecs = [record.codecs.offered, record.codecs.answered].filter(Boolean).map((each) => each.join(" ")).join(" → ");
    const agents = [record.user_agents.caller, record.user_agents.callee].map((each) => each ?? "–").join(" → ");
    return facts([
      [say("page.from"), person(record.caller)], [say("page.to"), person(record.callee)],
      [say("page.call_ids"), record.call_ids.join(words.list)], [say("page.path"), record.hops.join(" → ")],
      [say("page.measures"), times], [say("page.codecs"), codecs], [say("page.agents"), agents],
    ]);
  }

  const dialog = element("dialog", { "aria-labelledby": "dialog-title" });
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    document.body.classList.remove("opened");
    if (location.hash.startsWith("#call-")) history.replaceState(null, "", location.pathname + location.search);
  });

  /* A dialog is printed as far as the first page goes: what is in it is put into the page for that. */
  const printout = element("div", { class: "printout" });
  document.body.append(printout);
  window.addEventListener("beforeprint", () => {
    if (dialog.open) printout.replaceChildren(...[...dialog.childNodes].map((each) => each.cloneNode(true)));
  });
  window.addEventListener("afterprint", () => printout.replaceChildren());
  let wanted = "";

  async function open(key) {
    wanted = key;
    const [kind, id] = key.split("-");
    const title = element("h2", { id: "dialog-title", tabindex: "-1" }, say(`page.${kind}`, { id }));
    const step = (by) => {
      const at = shownRows.findIndex((row) => row.id === Number(id));
      return kind === "call" && at >= 0 ? shownRows[at + by] : undefined;
    };
    const button = (label, row) => element("button", {
      type: "button", class: "plain", ...(row ? {} : { disabled: "" }), on: { click: () => row && open(`call-${row.id}`) },
    }, label);
    const close = element("button", { type: "button", class: "plain", on: { click: () => dialog.close() } }, say("page.close"));
    const body = element("div", { class: "body" });
    dialog.replaceChildren(
      element("header", {}, title, element("span", {},
        ...(kind === "call" ? [button(say("page.back"), step(-1)), " ", button(say("page.forward"), step(1)), " "] : []), close)),
      body);
    if (!dialog.open) dialog.showModal();
    document.body.classList.add("opened");
    title.focus();
    if (kind === "call") history.replaceState(null, "", `#call-${id}`);
    const chunk = data.chunk_of[key];
    if (chunk === undefined) {
      body.append(element("p", {}, say("page.no_details")));
      return;
    }
    if (typeof DecompressionStream === "undefined") {
      body.append(element("p", {}, say("page.cannot_unpack")));
      return;
    }
    body.append(element("p", { class: "soft" }, say("page.unpacking")));
    const found = await unpack(chunk);
    if (wanted !== key) return;
    body.replaceChildren();
    show(found[key], found, body);
  }

  function show(record, found, body) {
    body.append(element("p", { class: "sentence" }, visible(record.summary ?? "")), recordFacts(record));
    const own = found.findings.filter((each) => record.transactions.includes(each.transaction));
    for (const finding of own) body.append(findingPart(finding));
    const ladder = ladderOf(record, found);
    const pane = element("div", { class: "message", "aria-live": "polite" });
    const choose = (at) => {
      const arrow = ladder.arrows[at];
      const headers = markedHeaders(arrow.message, own, found.messages);
      const times = arrow.repeats ? ` – ${say("page.repeated", { n: arrow.repeats + 1 })}` : "";
      pane.replaceChildren(
        element("h3", {}, `${say("page.message")}: ${visible(arrow.label)}`),
        element("p", { class: "soft" }, `${say("page.frame", { n: frameName(arrow.frame) })}${times}`),
        messageText(found.texts[arrow.id] ?? "", headers),
        headers.size ? element("p", { class: "soft" }, say("page.marked")) : "");
    };
    const svg = drawLadder(ladder, choose);
    const more = (record.streams ?? []).length - ladder.bands.length;
    const heard = [...ladder.bands.map((band) => band.told), ...(more > 0 ? [say("page.more_streams", { n: more })] : [])];
    if (heard.length) body.append(element("h3", {}, say("page.media")), list(heard));
    body.append(element("h3", {}, say("page.ladder")), element("p", { class: "soft help" }, say("page.ladder_help")),
      element("div", { class: "split" }, element("div", { class: "ladder", tabindex: "0", role: "region", "aria-label": say("page.ladder") }, svg), pane));
    const first = Math.max(0, ladder.arrows.findIndex((arrow) => arrow.decisive));
    if (ladder.arrows.length) svg.pick(first);
  }

  document.addEventListener("click", (event) => {
    const key = event.target instanceof Element ? event.target.closest("[data-subject]")?.dataset.subject : undefined;
    if (key) open(key);
  });

  /* ---- the table of calls ------------------------------------------------------------------- */

  const COLUMNS = data.columns;
  const rows = data.calls.map((values) => Object.fromEntries(COLUMNS.map((name, at) => [name, values[at]])));
  for (const row of rows) row.searched = `${row.caller} ${row.callee} ${row.call_id} ${row.final ?? ""}`.toLowerCase();
  let shownRows = rows, sorted = { name: "id", up: true }, limit = PAGE;
  const table = document.getElementById("table");

  const HEADS = [
    ["id", "table.id", true], ["start", "table.start", false], ["caller", "table.caller", false], ["callee", "table.callee", false],
    ["outcome", "table.outcome", false], ["final", "table.final", true], ["ring", "table.ring", true], ["talk", "table.talk", true], ["findings", "table.findings", true],
  ];

  function build() {
    const search = element("input", { type: "search", on: { input: refresh } });
    const outcomes = [...new Set(rows.map((row) => row.outcome))].sort();
    const outcome = element("select", { on: { change: refresh } }, element("option", { value: "" }, say("table.every")),
      ...outcomes.map((each) => element("option", { value: each }, say(`outcome.${each}`))));
    const found = element("input", { type: "checkbox", on: { change: refresh } });
    const count = element("p", { role: "status", class: "soft" });
    const head = element("tr", {}, ...HEADS.map(([name, label, isNumber]) =>
      element("th", { scope: "col", class: isNumber ? "number" : null, "data-column": name },
        element("button", { type: "button", on: { click: () => sort(name) } }, say(label)))));
    const body = element("tbody");
    const printed = element("p", { class: "printed soft" });
    const more = element("button", { type: "button", class: "plain", id: "more", on: { click: () => { limit += 5 * PAGE; draw(); } } });
    table.append(
      element("div", { class: "tools" }, element("label", {}, say("table.search"), search),
        element("label", {}, say("table.outcome_label"), outcome),
        element("label", { class: "check" }, found, say("table.only_found"))),
      count,
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("calls_title") },
        element("table", {}, element("caption", {}, say("table.caption")), element("thead", {}, head), body)),
      printed, more);

    function refresh() {
      const text = search.value.trim().toLowerCase();
      shownRows = rows.filter((row) => (!text || row.searched.includes(text))
        && (!outcome.value || row.outcome === outcome.value) && (!found.checked || row.findings));
      order();
      limit = PAGE;
      draw();
    }
    function sort(name) {
      sorted = { name, up: sorted.name === name ? !sorted.up : true };
      order();
      draw();
    }
    function order() {
      const { name, up } = sorted;
      const key = name === "start" ? "start_ms" : name;
      const sign = up ? 1 : -1;
      shownRows = [...shownRows].sort((a, b) => {
        const one = a[key], other = b[key];
        if (one === other) return a.id - b.id;
        if (one === null) return 1;
        if (other === null) return -1;
        return sign * (typeof one === "string" ? one.localeCompare(other) : one - other);
      });
    }
    function draw() {
      count.textContent = say("table.shown", { shown: shownRows.length.toLocaleString(), all: rows.length.toLocaleString() });
      for (const cell of head.children) {
        const isSorted = cell.dataset.column === sorted.name;
        if (isSorted) cell.setAttribute("aria-sort", sorted.up ? "ascending" : "descending");
        else cell.removeAttribute("aria-sort");
        cell.firstChild.textContent = say(HEADS.find(([name]) => name === cell.dataset.column)[1]) + (isSorted ? (sorted.up ? " ▲" : " ▼") : "");
      }
      body.replaceChildren(...shownRows.slice(0, limit).map(line));
      if (!shownRows.length) body.append(element("tr", {}, element("td", { colspan: HEADS.length }, say("table.none"))));
      more.hidden = shownRows.length <= limit;
      printed.textContent = more.hidden ? "" : say("table.printed", { n: limit.toLocaleString(), all: shownRows.length.toLocaleString() });
      more.textContent = say("table.more", { n: Math.min(5 * PAGE, shownRows.length - limit).toLocaleString() });
    }
    function line(row) {
      const tone = row.outcome === "answered" ? "good-text" : ["incomplete", "redirected"].includes(row.outcome) ? "soft" : "bad-text";
      const number = (text) => element("td", { class: "number" }, text);
      return element("tr", {},
        element("td", { class: "number" }, element("button", { type: "button", class: "link", "data-subject": `call-${row.id}`, "aria-label": say("table.open", { id: row.id }) }, String(row.id))),
        element("td", {}, row.start), element("td", { class: "name" }, visible(row.caller)), element("td", { class: "name" }, visible(row.callee)),
        element("td", { class: tone }, say(`outcome.${row.outcome}`)), number(row.final === null ? "" : String(row.final)),
        number(period(row.ring)), number(period(row.talk)), number(row.findings ? String(row.findings) : ""));
    }
    refresh();
  }

  if (rows.length) build();
  const linked = /^#call-(\d+)$/.exec(location.hash);
  if (linked && rows.some((row) => row.id === Number(linked[1]))) open(`call-${linked[1]}`);
})();
