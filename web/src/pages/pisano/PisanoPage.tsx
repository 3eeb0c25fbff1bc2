import { Text } from "@mantine/core";
import { Navigate, useParams } from "react-router";
import { formatInteger } from "../../numbers/format";
import { largestPeriodModulus, modulusRange, parseModulus } from "../../numbers/parseModulus";
import { Groups } from "../../ui/Groups";
import { LinkButton } from "../../ui/LinkButton";
import { Lead, MessagePage, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { PeriodView } from "./PeriodView";
import { PisanoView } from "./PisanoView";

/** Its remainders are last digits, which everybody knows, and its picture is a good one. */
const defaultModulus = 10n;

/** The Fibonacci numbers modulo a number, as a wheel if that number is not too large. */
export function Component() {
  const { modulus: text } = useParams();
  const modulus = text === undefined ? defaultModulus : parseModulus(text, largestPeriodModulus);
  if (modulus === undefined) {
    return (
      <MessagePage title="Invalid modulus" heading="There is no such wheel">
        <Text>
          Pisano can’t divide by <strong>{text}</strong> here. {modulusRange(largestPeriodModulus)}
        </Text>
        <LinkButton to={`/pisano/${defaultModulus}`}>{`Go to the wheel of ${defaultModulus}`}</LinkButton>
      </MessagePage>
    );
  }
  if (text !== String(modulus)) {
    return <Navigate to={`/pisano/${modulus}`} replace />;
  }
  if (modulus > Number.MAX_SAFE_INTEGER) {
    return (
      <Page>
        <PeriodView key={modulus} modulus={modulus} />
      </Page>
    );
  }
  return (
    <Page>
      <PisanoView
        modulus={Number(modulus)}
        heading={(shown) => (
          <>
            <PageHeading key={modulus} title={`Pisano wheel of ${formatInteger(shown)}`}>
              <Groups>{`The Pisano wheel of ${formatInteger(shown)}`}</Groups>
            </PageHeading>
            <Lead>
              Divide each Fibonacci number by m and keep only the remainder. A line leads from each remainder
              to the next, and sooner or later it closes.
            </Lead>
          </>
        )}
      />
    </Page>
  );
}
