// Writes what CloudFormation knows of the resources of the templates, as JSON Schema: test/beanstalk/delivery/testdata/cloudformation.json.
// The source is AWS' own description, from which the CDK is generated; it is renewed several times a week.
//
// A deprecated property is left out, so that a template that has it is refused.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

const root = new URL("../../", import.meta.url);
const read = (name) => readFileSync(new URL(name, root), "utf8");

const templates = ["deploy/data.yaml", "deploy/account.yaml", ...readdirSync(new URL(".ebextensions", root)).map((name) => `.ebextensions/${name}`)];
// Parameters have types of four parts.
const types = new Set(templates.flatMap((name) => [...read(name).matchAll(/^ +Type: (AWS::\w+::\w+)$/gm)].map((match) => match[1])));

const specification = loadAwsServiceSpecSync();
const definitions = {};
const attributes = {};

// schema returns the schema of a type of the specification, in a resource of the given type.
function schema(type, of) {
  switch (type.type) {
    case "string":
    case "integer":
      return type.allowedValues ? { enum: type.allowedValues } : { type: type.type };
    case "number":
    case "boolean":
    case "null":
      return { type: type.type };
    case "date-time":
      return { type: "string" };
    case "json":
      return { type: ["object", "string"] };
    case "tag":
      return { type: "object", properties: { Key: { type: "string" }, Value: { type: "string" } }, required: ["Key", "Value"], additionalProperties: false };
    case "array":
      return { type: "array", items: schema(type.element, of) };
    case "map":
      return { type: "object", additionalProperties: schema(type.element, of) };
    case "union":
      return { anyOf: type.types.map((one) => schema(one, of)) };
    case "ref": {
      const definition = specification.get("typeDefinition", type.reference);
      const name = `${of}.${definition.name}`;
      if (!definitions[name]) {
        definitions[name] = {}; // it may refer to itself
        definitions[name] = object(definition.properties, of);
      }
      return { $ref: `#/$defs/${name}` };
    }
    default:
      throw new Error(`The type ${type.type} in ${of} is not known here.`);
  }
}

function object(properties, of) {
  const known = Object.entries(properties).filter(([, property]) => !property.deprecated || property.deprecated === "NONE");
  const required = known.filter(([, property]) => property.required).map(([name]) => name);
  return {
    type: "object",
    properties: sorted(Object.fromEntries(known.map(([name, property]) => [name, schema(property.type, of)]))),
    ...(required.length > 0 && { required: required.sort() }),
    additionalProperties: false,
  };
}

const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

for (const type of types) {
  const resource = specification.lookup("resource", "cloudFormationType", "equals", type).only();
  definitions[type] = object(resource.properties, type);
  attributes[type] = Object.keys(resource.attributes).sort();
}
const { version } = JSON.parse(read("tools/cloudformation/node_modules/@aws-cdk/aws-service-spec/package.json"));
const extract = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $comment: `Written by make generate, from @aws-cdk/aws-service-spec ${version}.`,
  attributes: sorted(attributes),
  $defs: sorted(definitions),
};
writeFileSync(new URL("test/beanstalk/delivery/testdata/cloudformation.json", root), `${JSON.stringify(extract, null, 1)}\n`);
