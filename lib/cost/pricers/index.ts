import { CACHE } from './cache';
import { ALARM, COMPOSITE, DASHBOARD, LOG_GROUP } from './monitoring';
import { ENDPOINT, HEALTH_CHECK, NAT_GATEWAY, PUBLIC_ADDRESS, ZONE } from './network';
import * as operations from './operations';
import type { Pricer } from './pricer';
import { DB_INSTANCE, DB_PROXY } from './servers';

/** Types of resources that cost something. */
export const PRICED: Readonly<Record<string, Pricer>> = {
  'AWS::Backup::BackupPlan': operations.BACKUP_PLAN,
  'AWS::Backup::Framework': operations.BACKUP_AUDIT,
  'AWS::Backup::RestoreTestingPlan': operations.RESTORE_TESTING,
  'AWS::CloudWatch::Alarm': ALARM,
  'AWS::CloudWatch::CompositeAlarm': COMPOSITE,
  'AWS::CloudWatch::Dashboard': DASHBOARD,
  'AWS::EC2::EIP': PUBLIC_ADDRESS,
  'AWS::EC2::Instance': operations.HOST,
  'AWS::EC2::NatGateway': NAT_GATEWAY,
  'AWS::EC2::VPCEndpoint': ENDPOINT,
  'AWS::ElastiCache::ReplicationGroup': CACHE,
  'AWS::KMS::Key': operations.KEY,
  'AWS::Lambda::Function': operations.FUNCTION,
  'AWS::Logs::LogGroup': LOG_GROUP,
  'AWS::RDS::DBInstance': DB_INSTANCE,
  'AWS::RDS::DBProxy': DB_PROXY,
  'AWS::Route53::HealthCheck': HEALTH_CHECK,
  'AWS::Route53::HostedZone': ZONE,
  'AWS::S3::Bucket': operations.BUCKET,
  'AWS::SNS::Topic': operations.TOPIC,
  'AWS::SQS::Queue': operations.QUEUE,
  'AWS::SSM::Document': operations.DOCUMENT,
  'AWS::Scheduler::Schedule': operations.SCHEDULE,
  'AWS::SecretsManager::Secret': operations.SECRET,
  'AWS::Serverless::Application': operations.ROTATION_APPLICATION,
  'AWS::StepFunctions::StateMachine': operations.STATE_MACHINE,
};

const SETTING = 'a setting of another resource';
const PERMISSION = 'permissions cost nothing';
const OF_VPC = 'a VPC, its subnets, routes and security groups cost nothing';
const IN_BACKUPS = 'what it keeps is in the price of the backup plan';

/** Types of resources that cost nothing, each with the reason. */
export const FREE: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupSelection': SETTING,
  'AWS::Backup::BackupVault': IN_BACKUPS,
  'AWS::Backup::ReportPlan': 'reports cost nothing; what their bucket keeps is priced',
  'AWS::Backup::RestoreTestingSelection': SETTING,
  'AWS::Budgets::Budget': 'a budget without actions costs nothing (unconfirmed)',
  'AWS::CE::AnomalyMonitor': 'Cost Anomaly Detection costs nothing',
  'AWS::CE::AnomalySubscription': 'Cost Anomaly Detection costs nothing',
  'AWS::Chatbot::SlackChannelConfiguration': 'Amazon Q Developer in chat applications costs nothing',
  'AWS::CloudWatch::AlarmMuteRule': 'no price is stated for it (unconfirmed)',
  'AWS::EC2::FlowLog': 'what it writes is in the price of its log group',
  'AWS::EC2::InternetGateway': OF_VPC,
  'AWS::EC2::Route': OF_VPC,
  'AWS::EC2::RouteTable': OF_VPC,
  'AWS::EC2::SecurityGroup': OF_VPC,
  'AWS::EC2::SecurityGroupEgress': OF_VPC,
  'AWS::EC2::SecurityGroupIngress': OF_VPC,
  'AWS::EC2::Subnet': OF_VPC,
  'AWS::EC2::SubnetRouteTableAssociation': OF_VPC,
  'AWS::EC2::VPC': OF_VPC,
  'AWS::EC2::VPCGatewayAttachment': OF_VPC,
  'AWS::ElastiCache::ParameterGroup': SETTING,
  'AWS::ElastiCache::SubnetGroup': SETTING,
  'AWS::ElastiCache::User': PERMISSION,
  'AWS::ElastiCache::UserGroup': PERMISSION,
  'AWS::Events::Rule': 'events of AWS services cost nothing',
  'AWS::IAM::InstanceProfile': PERMISSION,
  'AWS::IAM::ManagedPolicy': PERMISSION,
  'AWS::IAM::Policy': PERMISSION,
  'AWS::IAM::OIDCProvider': PERMISSION,
  'AWS::IAM::Role': PERMISSION,
  'AWS::Lambda::EventInvokeConfig': SETTING,
  'AWS::Lambda::Permission': PERMISSION,
  'AWS::Lambda::Version': 'a version costs nothing until it runs',
  'AWS::Logs::MetricFilter': 'its series is among the custom metrics',
  'AWS::Logs::QueryDefinition': 'a saved query costs nothing until it runs',
  'AWS::RDS::DBParameterGroup': SETTING,
  'AWS::RDS::DBProxyTargetGroup': SETTING,
  'AWS::RDS::DBSubnetGroup': SETTING,
  'AWS::Route53::RecordSet': 'records cost nothing, and queries inside a VPC neither',
  'AWS::S3::BucketPolicy': PERMISSION,
  'AWS::SNS::Subscription': 'deliveries are in the price of the topic',
  'AWS::SNS::TopicPolicy': PERMISSION,
  'AWS::SQS::QueuePolicy': PERMISSION,
  'AWS::SSM::Parameter': 'standard parameters cost nothing',
  'AWS::SecretsManager::ResourcePolicy': PERMISSION,
  'AWS::SecretsManager::RotationSchedule': SETTING,
  'AWS::SecretsManager::SecretTargetAttachment': SETTING,
  'Custom::Trigger': 'runs at a deployment; its function is priced',
  'Custom::VpcRestrictDefaultSG': 'runs at a deployment; its function is priced',
};
