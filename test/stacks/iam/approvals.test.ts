import { ENVIRONMENT_NAMES } from '../../../lib/config';
import { EnvironmentIam, type EnvironmentRole } from '../../support/aws/environment-iam';
import { conditionsHold, isAllowed } from '../../support/aws/iam';

const ACCOUNT = '111111111111';
const iam = new EnvironmentIam('production');
const roles = iam.roles();
const ssm = (resource: string) => `arn:aws:ssm:us-east-1:${ACCOUNT}:${resource}`;
const execution = ssm('automation-execution/0a1b2c3d');
const machine = (name: string) => `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:${name}`;
const tagged = (environment: string) => ({ 'aws:ResourceTag/whatsapp-saas:recovery': environment });
const asking = (environment: string) => ({ 'aws:RequestTag/whatsapp-saas:recovery': environment });

function role(part: string): EnvironmentRole {
  const found = roles.filter(({ id }) => id.includes(part));
  if (found.length !== 1) throw new Error(`production has ${found.length} roles ${part}`);
  return found[0]!;
}

/** Ids of the roles that may do something. */
function whoMay(action: string, resource: string): string[] {
  return roles
    .filter(({ policy }) => isAllowed(policy, { action, resource }))
    .map(({ id }) => id.replace(/^.*\//, '').replace(/[0-9A-F]{8}$/, ''));
}

describe('a copy of a table for a person', () => {
  test('is started by the approved document alone: neither a schedule nor an operator may', () => {
    expect(whoMay('states:StartExecution', machine('production-table-recovery'))).toEqual([
      'Recoveryproductionrecovertablerole',
    ]);
    expect(whoMay('states:StartExecution', machine('production-restore-drill')).sort()).toEqual([
      'RecoveryApprovalsPeopleOperator',
      'RestoreDrillSchedulesRole',
    ]);
  });

  test('is made by a function that only the state machine of the recovery calls', () => {
    const [copy] = iam.arns([]).filter((arn) => /function:production-Drills-RestoreDrillCopy/.test(arn));
    const [check] = iam.arns([]).filter((arn) => /function:production-Drills-RestoreDrillCheck/.test(arn));
    expect(whoMay('lambda:InvokeFunction', copy!)).toEqual(['RestoreDrillRecoveryRole']);
    expect(whoMay('lambda:InvokeFunction', check!).sort()).toEqual([
      'RestoreDrillMachineRole',
      'RestoreDrillRecoveryRole',
      'RestoreTestingValidationServiceRole',
    ]);
  });
});

describe('the operator', () => {
  const { policy } = role('PeopleOperator');
  const may = (action: string, resource: string, context = {}) => isAllowed(policy, { action, resource, context });

  test('starts recovery documents of this environment, as executions that carry its tag', () => {
    expect(may('ssm:StartAutomationExecution', ssm('document/production-restore'))).toBe(true);
    expect(may('ssm:StartAutomationExecution', ssm('document/staging-restore'))).toBe(false);
    expect(may('ssm:StartAutomationExecution', ssm('document/AWS-StopRdsInstance'))).toBe(false);
    expect(may('ssm:StartAutomationExecution', execution, asking('production'))).toBe(true);
    expect(may('ssm:StartAutomationExecution', execution, asking('staging'))).toBe(false);
    expect(may('ssm:StartAutomationExecution', execution)).toBe(false);
  });

  test('approves nothing, and changes nothing without a document', () => {
    expect(may('ssm:SendAutomationSignal', execution, tagged('production'))).toBe(false);
    const actions = [
      ...new Set(policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action)),
    ];
    expect(actions.filter((action) => !/:(Describe|Get)/.test(action)).sort()).toEqual([
      'ssm:AddTagsToResource',
      'ssm:StartAutomationExecution',
      'ssm:StopAutomationExecution',
      'states:StartExecution',
    ]);
  });
});

describe('the approver', () => {
  const { policy } = role('PeopleApprover');
  const may = (action: string, resource: string, context = {}) => isAllowed(policy, { action, resource, context });

  test('signals executions of this environment’s documents only', () => {
    expect(may('ssm:SendAutomationSignal', execution, tagged('production'))).toBe(true);
    expect(may('ssm:SendAutomationSignal', execution, tagged('staging'))).toBe(false);
    expect(may('ssm:SendAutomationSignal', execution)).toBe(false);
  });

  test('starts nothing', () => {
    expect(may('ssm:StartAutomationExecution', ssm('document/production-restore'))).toBe(false);
    expect(may('ssm:StartAutomationExecution', execution, asking('production'))).toBe(false);
  });
});

test('nobody else may signal an automation, or log in as both', () => {
  const signalling = ENVIRONMENT_NAMES.flatMap((name) =>
    new EnvironmentIam(name)
      .roles()
      .filter(({ policy }) =>
        policy.Statement.some(
          ({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('ssm:SendAutomationSignal'),
        ),
      )
      .map(({ id }) => id),
  );
  expect(signalling).toHaveLength(ENVIRONMENT_NAMES.length);
  const operator = `arn:aws:iam::${ACCOUNT}:role/production-Operations-RecoveryApprovalsPeopleOperator`;
  const [trust] = role('PeopleApprover').trust;
  const operatorArn = [trust!.Condition!['ArnNotEquals']!['aws:PrincipalArn']!].flat()[0]!;
  expect(operatorArn).toContain(operator);
  const from = (arn: string, mfa: string) =>
    conditionsHold(trust!, { 'aws:PrincipalArn': arn, 'aws:MultiFactorAuthPresent': mfa });
  expect(from(`arn:aws:iam::${ACCOUNT}:user/ada`, 'true')).toBe(true);
  expect(from(`arn:aws:iam::${ACCOUNT}:user/ada`, 'false')).toBe(false);
  expect(from(operatorArn, 'true')).toBe(false);
});
