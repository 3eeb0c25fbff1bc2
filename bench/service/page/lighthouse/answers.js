/** Events that arrive while a user works with the page, and how they are submitted. */
const arriving = 1000;
const atOnce = 20;
const pauseMs = 200;

/**
 * Works with the page on a phone whose processor is four times slower, while values arrive, and returns how many
 * milliseconds each interaction took until the next frame. If `scrolled`, ten pages of each list are shown before.
 */
export async function answerTimes(browser, base, scrolled) {
  const page = await browser.newPage();
  await page.emulate({
    viewport: { width: 360, height: 740, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    userAgent: await browser.userAgent(),
  });
  await page.emulateCPUThrottling(4);
  await page.evaluateOnNewDocument(observe);
  await page.goto(base, { waitUntil: "networkidle2" });
  for (let shown = 1; scrolled && shown < 10; shown++) {
    for (const more of await page.$$("::-p-aria([name='Show more'][role='button'])")) {
      await more.tap();
      // The rows that come move what is below them. The stream of events stays.
      await page.waitForNetworkIdle({ concurrency: 1 });
    }
  }
  await page.evaluate(() => {
    globalThis.answers = {};
  });

  const first = scrolled ? 20_000 : 10_000; // indices that nobody has asked for
  const submitted = submit(base, first);
  const field = await page.waitForSelector("::-p-aria([name='Index'][role='textbox'])");
  for (let done = false; !done; ) {
    await field.tap();
    await page.keyboard.type("12345");
    await page.keyboard.press("Escape");
    for (let typed = 0; typed < 5; typed++) {
      await page.keyboard.press("Backspace");
    }
    await page.evaluate(() => scrollBy(0, 300));
    await page.evaluate(() => scrollTo(0, 0));
    done = await Promise.race([submitted.then(() => true), sleep(300).then(() => false)]);
  }
  await sleep(1000); // the observer learns of the last ones
  const answers = await page.evaluate(() => Object.values(globalThis.answers));
  await page.close();
  return answers;
}

/** Runs in the page: keeps the longest duration of the events of each interaction. */
function observe() {
  globalThis.answers = {};
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) {
      if (interactionId > 0) {
        globalThis.answers[interactionId] = Math.max(duration, globalThis.answers[interactionId] ?? 0);
      }
    }
  }).observe({ type: "event", durationThreshold: 16 });
}

async function submit(base, first) {
  for (let n = first; n < first + arriving; n += atOnce) {
    const indices = Array.from({ length: atOnce }, (_, i) => n + i);
    const answer = await fetch(`${base}/api/indices`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ indices }),
    });
    if (!answer.ok) {
      throw new Error(`${answer.status} ${await answer.text()}`);
    }
    await sleep(pauseMs);
  }
}

const sleep = (ms) => new Promise((later) => setTimeout(later, ms));
