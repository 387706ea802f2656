import { regionalServices } from '../../../lambda/drift/aws';

test('a region has its clients once, another region has its own', async () => {
  const aws = regionalServices();
  expect(aws('us-east-1')).toBe(aws('us-east-1'));
  await expect(aws('us-west-2').cloudFormation.config.region()).resolves.toBe('us-west-2');
  await expect(aws('us-east-1').cloudFormation.config.region()).resolves.toBe('us-east-1');
});
