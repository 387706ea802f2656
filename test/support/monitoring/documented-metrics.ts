/**
 * Metrics and counters of AWS that dashboards may show, as AWS documents them (RDS User Guide, 2026-04-13): a graph of a name that does not
 * exist is empty, and nothing says so.
 */
const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** "Amazon CloudWatch metrics for Amazon RDS", those of PostgreSQL on gp3, and "Amazon CloudWatch metrics for Amazon RDS Performance Insights". */
export const SERVER_METRICS = names(`
  CheckpointLag CPUUtilization CPUCreditUsage CPUCreditBalance CPUSurplusCreditBalance CPUSurplusCreditsCharged DatabaseConnections
  DiskQueueDepth EBSByteBalance% EBSIOBalance% FreeableMemory FreeStorageSpace IamDbAuthConnectionRequests MaximumUsedTransactionIDs
  NetworkReceiveThroughput NetworkTransmitThroughput OldestLogicalReplicationSlotLag OldestReplicationSlotLag ReadIOPS ReadLatency
  ReadThroughput ReplicaLag ReplicationSlotDiskUsage SwapUsage TransactionLogsDiskUsage TransactionLogsGeneration WriteIOPS WriteLatency
  WriteThroughput DBLoad DBLoadCPU DBLoadNonCPU DBLoadRelativeToNumVCPUs`);

/** "Monitoring RDS Proxy metrics with Amazon CloudWatch": those with the dimension ProxyName alone. */
export const PROXY_METRICS = names(`
  ClientConnections ClientConnectionsClosed ClientConnectionsInSetup ClientConnectionsNoTLS ClientConnectionsReceived
  ClientConnectionsSetupFailedAuth ClientConnectionsSetupSucceeded ClientConnectionsTLS DatabaseConnectionRequests
  DatabaseConnectionRequestsWithTLS DatabaseConnections DatabaseConnectionsBorrowLatency DatabaseConnectionsCurrentlyBorrowed
  DatabaseConnectionsCurrentlyInTransaction DatabaseConnectionsCurrentlySessionPinned DatabaseConnectionsSetupFailed
  DatabaseConnectionsSetupSucceeded DatabaseConnectionsWithTLS MaxDatabaseConnectionsAllowed QueryDatabaseResponseLatency QueryRequests
  QueryRequestsNoTLS QueryRequestsTLS QueryResponseLatency`);

/** ElastiCache User Guide, "Metrics for Valkey and Redis OSS": those that a dashboard or an alarm shows. */
export const CACHE_METRICS = names(`
  CacheHits CacheMisses CurrConnections DatabaseMemoryUsagePercentage EngineCPUUtilization Evictions IsMaster ReplicationLag`);

/** "Performance Insights counters for Amazon RDS for PostgreSQL", without a function such as `.avg`. */
export const COUNTERS = names(`
  db.Cache.blks_hit db.Cache.buffers_alloc db.Checkpoint.buffers_checkpoint db.Checkpoint.checkpoint_sync_time
  db.Checkpoint.checkpoint_write_time db.Checkpoint.checkpoints_req db.Checkpoint.checkpoints_timed db.Checkpoint.maxwritten_clean
  db.Concurrency.deadlocks db.IO.blk_read_time db.IO.blks_read db.IO.buffers_backend db.IO.buffers_backend_fsync db.IO.buffers_clean
  db.SQL.tup_deleted db.SQL.tup_fetched db.SQL.tup_inserted db.SQL.tup_returned db.SQL.tup_updated db.Temp.temp_bytes db.Temp.temp_files
  db.Transactions.xact_commit db.Transactions.xact_rollback db.User.numbackends db.WAL.archived_count
  db.Checkpoint.checkpoint_sync_latency db.Checkpoint.checkpoint_write_latency db.IO.read_latency
  db.state.idle_in_transaction_aborted_count db.state.idle_in_transaction_count db.state.idle_in_transaction_max_time
  db.Transactions.active_transactions db.Transactions.blocked_transactions db.Transactions.max_used_xact_ids db.User.max_connections
  db.WAL.archive_failed_count`);
