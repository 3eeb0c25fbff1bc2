/** Yields the JSON values of a stream, one on each line. Leaving the loop ends the stream. */
export async function* jsonLines<T>(bytes: ReadableStream<Uint8Array>): AsyncGenerator<T, void> {
  const reader = bytes.getReader(); // not every browser iterates over a stream
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const lines = (rest + decoder.decode(piece.value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        yield JSON.parse(line);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the rest is not needed
  }
}
