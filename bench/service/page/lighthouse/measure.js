// Measures the page at a URL on a phone as Lighthouse simulates it, and how long a user waits for the page to answer while
// values arrive. Prints a line of JSON for each measurement.
//
//   node measure.js URL RUNS
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";
import { answerTimes } from "./answers.js";

const paths = ["/", "/values/1000", "/explore", "/pisano/97", "/table", "/otherpage"];

const [base, runs] = process.argv.slice(2);
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  for (const path of paths) {
    console.log(JSON.stringify({ path, ...(await load(base + path)) }));
  }
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}` });
  for (const scrolled of [false, true]) {
    const times = await answerTimes(browser, base, scrolled);
    if (times.length === 0) {
      throw new Error("No interaction was observed");
    }
    times.sort((a, b) => b - a);
    // Interaction to Next Paint ignores one of the slowest interactions for every 50: https://web.dev/articles/inp.
    const inp = times[Math.floor(times.length / 50)];
    console.log(JSON.stringify({ scrolled, interactions: times.length, inp, worst: times[0] }));
  }
  await browser.disconnect();
} finally {
  await chrome.kill();
}

/** Loads a page several times without a cache, and returns the figures of the run with the median score. */
async function load(url) {
  const measured = [];
  for (let run = 0; run < Number(runs); run++) {
    const { lhr } = await lighthouse(url, {
      port: chrome.port,
      onlyCategories: ["performance"],
      logLevel: "error",
    });
    if (lhr.runtimeError) {
      throw new Error(`${url}: ${lhr.runtimeError.message}`);
    }
    const of = (audit) => lhr.audits[audit].numericValue;
    measured.push({
      score: Math.round(100 * lhr.categories.performance.score),
      firstPaint: of("first-contentful-paint"),
      largestPaint: of("largest-contentful-paint"),
      blocked: of("total-blocking-time"),
      shift: of("cumulative-layout-shift"),
      bytes: of("total-byte-weight"),
    });
  }
  measured.sort((a, b) => a.score - b.score);
  return measured[Math.floor(measured.length / 2)];
}
