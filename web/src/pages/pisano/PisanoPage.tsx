import { Text } from "@mantine/core";
import { Navigate, useParams } from "react-router";
import { formatInteger } from "../../numbers/format";
import { modulusRange, parseModulus } from "../../numbers/parseModulus";
import { LinkButton } from "../../ui/LinkButton";
import { Lead, MessagePage, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { PisanoView } from "./PisanoView";

/** Its remainders are last digits, which everybody knows, and its picture is a good one. */
const defaultModulus = 10;

/** The Fibonacci numbers modulo a number, as a wheel. */
export function Component() {
  const { modulus: text } = useParams();
  const modulus = text === undefined ? defaultModulus : parseModulus(text);
  if (modulus === undefined) {
    return (
      <MessagePage title="Invalid modulus" heading="There is no such wheel">
        <Text>
          Pisano can’t divide by <strong>{text}</strong> here. {modulusRange}
        </Text>
        <LinkButton to={`/pisano/${defaultModulus}`}>{`Go to the wheel of ${defaultModulus}`}</LinkButton>
      </MessagePage>
    );
  }
  if (text !== String(modulus)) {
    return <Navigate to={`/pisano/${modulus}`} replace />;
  }
  return (
    <Page>
      <PisanoView
        modulus={modulus}
        heading={(shown) => (
          <>
            <PageHeading key={modulus} title={`Pisano wheel of ${formatInteger(shown)}`}>
              {`The Pisano wheel of ${formatInteger(shown)}`}
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
