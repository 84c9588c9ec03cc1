// A small writer of vector tiles for the development server: one layer of lines.

class Writer {
  bytes = [];
  varint(n) {
    let v = n >>> 0;
    while (v > 127) {
      this.bytes.push((v & 127) | 128);
      v >>>= 7;
    }
    this.bytes.push(v);
  }
  field(tag, body) {
    this.varint((tag << 3) | 2);
    this.varint(body.length);
    for (const b of body) this.bytes.push(b);
  }
  number(tag, n) {
    this.varint(tag << 3);
    this.varint(n);
  }
}

const zigzag = (n) => (n << 1) ^ (n >> 31);

function geometry(points) {
  const w = new Writer();
  let px = 0;
  let py = 0;
  points.forEach(([x, y], i) => {
    if (i === 0) w.varint((1 << 3) | 1);
    if (i === 1) w.varint(((points.length - 1) << 3) | 2);
    w.varint(zigzag(x - px));
    w.varint(zigzag(y - py));
    px = x;
    py = y;
  });
  return w.bytes;
}

/** tile writes features {props: {key: string}, points: [[x, y], …]} in an extent of 4096. */
export function tile(layer, features) {
  const keys = [];
  const values = [];
  const index = (list, v) => {
    const i = list.indexOf(v);
    return i >= 0 ? i : list.push(v) - 1;
  };
  const out = new Writer();
  const l = new Writer();
  l.field(1, Buffer.from(layer));
  for (const f of features) {
    const w = new Writer();
    const tags = new Writer();
    for (const [k, v] of Object.entries(f.props)) {
      tags.varint(index(keys, k));
      tags.varint(index(values, v));
    }
    w.field(2, tags.bytes);
    w.number(3, 2);
    w.field(4, geometry(f.points));
    l.field(2, w.bytes);
  }
  for (const k of keys) l.field(3, Buffer.from(k));
  for (const v of values) {
    const w = new Writer();
    w.field(1, Buffer.from(String(v)));
    l.field(4, w.bytes);
  }
  l.number(5, 4096);
  l.number(15, 2);
  out.field(3, l.bytes);
  return Buffer.from(out.bytes);
}
