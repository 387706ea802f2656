import { CONFIGURATIONS, stackTemplates } from '../support/synth';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A resource that makes CloudFormation, or a service on its behalf, call a function during a deployment. */
interface Reviewed {
  /** What a rollback calls, and why that succeeds. */
  readonly rollback: string;
  /** Properties on which the answer rests. */
  readonly rests?: (properties: Readonly<Record<string, unknown>>) => boolean;
}

const HANDLERS = 'aws-cdk-lib/custom-resource-handlers/dist';

/** Every deploy-time function of every environment, by the type of its resource. A new one is added here together with its answer. */
const REVIEWED: Readonly<Record<string, Reviewed>> = {
  'Custom::Trigger': {
    rollback: `calls the version of the migrate function that the earlier template names; its folder is older, so it applies nothing, warns and succeeds (test/lambda/migrate/rollback.test.ts). A deletion calls nothing (${HANDLERS}/triggers).`,
    // A version: $LATEST would be the newer code, whose failure began the rollback.
    rests: ({ HandlerArn, ExecuteOnHandlerChange }) =>
      /^\{"Ref":"\w+CurrentVersion/.test(JSON.stringify(HandlerArn)) && ExecuteOnHandlerChange === true,
  },
  'Custom::VpcRestrictDefaultSG': {
    rollback: `an update does nothing unless the VPC is another one; a deletion gives the default group its rules back, before the VPC is deleted (${HANDLERS}/aws-ec2). After a failed creation it is not called (${HANDLERS}/core).`,
  },
  'AWS::SecretsManager::RotationSchedule': {
    rollback:
      'restores the earlier schedule and rotates nothing at once, so that the password stays; Secrets Manager tests the log-in with the present secret (API reference, RotateSecret).',
    rests: ({ RotateImmediatelyOnUpdate }) => RotateImmediatelyOnUpdate === false,
  },
};

const found = CONFIGURATIONS.flatMap((environment) =>
  Object.entries(stackTemplates(environment)).flatMap(([stack, template]) =>
    Object.entries((template['Resources'] ?? {}) as Record<string, Resource>)
      .filter(([, resource]) => callsFunction(resource))
      .map(([id, resource]) => [`${environment}/${stack} ${id}`, resource] as const),
  ),
);

function callsFunction({ Type, Properties = {} }: Resource): boolean {
  return (
    Type.startsWith('Custom::') ||
    Type === 'AWS::CloudFormation::CustomResource' ||
    Type === 'AWS::SecretsManager::RotationSchedule' ||
    'ServiceToken' in Properties
  );
}

test.each(found)('%s: what a rollback calls is known, and succeeds', (_, { Type, Properties = {} }) => {
  expect(Object.keys(REVIEWED)).toContain(Type);
  expect(REVIEWED[Type]?.rests?.(Properties) ?? true).toBe(true);
});

test('every answer is of a function that some environment has', () => {
  expect([...new Set(found.map(([, { Type }]) => Type))].sort()).toEqual(Object.keys(REVIEWED).sort());
});

test('the trigger may call every version of its function, the earlier one included', () => {
  for (const environment of CONFIGURATIONS) {
    const triggers = found.filter(([where, { Type }]) => where.startsWith(environment) && Type === 'Custom::Trigger');
    expect(triggers).toHaveLength(1);
    const [stack = ''] = triggers[0]![0].slice(environment.length + 1).split(' ');
    const { Resources } = stackTemplates(environment)[stack] as { Resources: Record<string, Resource> };
    const roles = Object.entries(Resources).filter(([id]) => id.startsWith('AWSCDKTriggerCustomResourceProvider'));
    expect(JSON.stringify(roles)).toMatch(
      /"Action":\["lambda:InvokeFunction"\],"Resource":\[\{"Fn::Join":\["",\[\{"Fn::GetAtt":\["\w+","Arn"\]\},":\*"\]\]\}\]/,
    );
  }
});
