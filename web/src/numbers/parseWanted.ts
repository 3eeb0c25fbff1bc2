import { plainText } from "./plainText";

/** The most digits that can be searched for. */
const maxWanted = 100;

/** Returns the digits in a text such as a date, 31.12.99, without what separates them, or what is wrong with it. */
export function parseWanted(text: string): { wanted: string } | { invalid: string } {
  const plain = plainText(text);
  const wanted = plain.replace(/[-\s.,/:'_]/g, "");
  if (!/^\d+$/.test(wanted)) {
    return { invalid: "Enter the digits to find, such as 311299." };
  }
  return wanted.length <= maxWanted ? { wanted } : { invalid: `Enter at most ${maxWanted} digits.` };
}
