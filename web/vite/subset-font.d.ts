declare module "subset-font" {
  interface Options {
    targetFormat?: "sfnt" | "woff" | "woff2";
    variationAxes?: Record<string, number | { min: number; max: number; default?: number }>;
    keepFeatures?: string[];
    preserveNameIds?: number[];
  }

  /** Returns the font with no characters but those of the text. */
  export default function subsetFont(font: Buffer, text: string, options?: Options): Promise<Buffer>;
}
