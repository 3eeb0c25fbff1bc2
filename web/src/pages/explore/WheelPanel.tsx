import { Text } from "@mantine/core";
import { remainders } from "../../numbers/pisano";
import { LinkButton } from "../../ui/LinkButton";
import { Panel, PanelBody } from "../../ui/Panel";
import { Wheel } from "../../ui/Wheel";
import styles from "./WheelPanel.module.css";

/** The last digits repeat after 60 numbers. */
export const lastDigits = remainders(10, 60);

export const wheelTitle = "Its last digits repeat";

/** The last digits of the sequence, as the way to the wheels of other moduli. */
export function WheelPanel() {
  return (
    <Panel title={wheelTitle} wide>
      <PanelBody>
        <div className={styles.content}>
          <div className={styles.wheel}>
            <Wheel
              modulus={10}
              remainders={lastDigits}
              label="The ten digits on a circle, and 60 lines from the last digit of each Fibonacci number to that of the next"
            />
          </div>
          <div className={styles.text}>
            <Text>
              Put the ten digits on a circle, and draw a line from the last digit of each number to that of
              the next: 0, 1, 1, 2, 3, 5, 8, 3, 1, 4 … After 60 lines it is back where it began. Remainders by
              any number repeat like this.
            </Text>
            <LinkButton to="/pisano/10">Turn the Pisano wheel</LinkButton>
          </div>
        </div>
      </PanelBody>
    </Panel>
  );
}
