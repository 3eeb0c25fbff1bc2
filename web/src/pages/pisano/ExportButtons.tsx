import { Button } from "@mantine/core";
import type { RefObject } from "react";
import { DownloadIcon } from "../../ui/icons";
import styles from "./ExportButtons.module.css";
import { savePng, saveSvg } from "./exportDrawing";

/** Saves the drawing as a file. */
export function ExportButtons({ svg, name }: { svg: RefObject<SVGSVGElement | null>; name: string }) {
  return (
    <div className={styles.row}>
      {(
        [
          ["SVG", saveSvg],
          ["PNG", savePng],
        ] as const
      ).map(([format, save]) => (
        <Button
          key={format}
          variant="default"
          leftSection={<DownloadIcon />}
          aria-label={`Download the wheel as ${format}`}
          onClick={() => svg.current && void save(svg.current, name)}
        >
          {format}
        </Button>
      ))}
    </div>
  );
}
