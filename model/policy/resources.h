/* Names of the peer's resources (core/aclmgmt/resources/resources.go). */
#ifndef CCLAB_MODEL_POLICY_RESOURCES_H
#define CCLAB_MODEL_POLICY_RESOURCES_H

#define RESOURCE_LSCC_INSTALL "lscc/Install"
#define RESOURCE_LSCC_DEPLOY "lscc/Deploy"
#define RESOURCE_LSCC_UPGRADE "lscc/Upgrade"
#define RESOURCE_LSCC_CHAINCODE_EXISTS "lscc/ChaincodeExists"
#define RESOURCE_LSCC_GET_DEPLOYMENT_SPEC "lscc/GetDeploymentSpec"
#define RESOURCE_LSCC_GET_CHAINCODE_DATA "lscc/GetChaincodeData"
#define RESOURCE_LSCC_GET_INSTANTIATED_CHAINCODES "lscc/GetInstantiatedChaincodes"
#define RESOURCE_LSCC_GET_INSTALLED_CHAINCODES "lscc/GetInstalledChaincodes"
#define RESOURCE_LSCC_GET_COLLECTIONS_CONFIG "lscc/GetCollectionsConfig"

#define RESOURCE_QSCC_GET_CHAIN_INFO "qscc/GetChainInfo"
#define RESOURCE_QSCC_GET_BLOCK_BY_NUMBER "qscc/GetBlockByNumber"
#define RESOURCE_QSCC_GET_BLOCK_BY_HASH "qscc/GetBlockByHash"
#define RESOURCE_QSCC_GET_TRANSACTION_BY_ID "qscc/GetTransactionByID"
#define RESOURCE_QSCC_GET_BLOCK_BY_TX_ID "qscc/GetBlockByTxID"

#define RESOURCE_CSCC_JOIN_CHAIN "cscc/JoinChain"
#define RESOURCE_CSCC_GET_CONFIG_BLOCK "cscc/GetConfigBlock"
#define RESOURCE_CSCC_GET_CHANNELS "cscc/GetChannels"
#define RESOURCE_CSCC_GET_CONFIG_TREE "cscc/GetConfigTree"
#define RESOURCE_CSCC_SIMULATE_CONFIG_TREE_UPDATE "cscc/SimulateConfigTreeUpdate"

#define RESOURCE_PEER_PROPOSE "peer/Propose"
#define RESOURCE_PEER_CHAINCODE_TO_CHAINCODE "peer/ChaincodeToChaincode"

#define RESOURCE_EVENT_BLOCK "event/Block"
#define RESOURCE_EVENT_FILTERED_BLOCK "event/FilteredBlock"

#define RESOURCE_TOKEN_ISSUE "token/Issue"
#define RESOURCE_TOKEN_TRANSFER "token/Transfer"
#define RESOURCE_TOKEN_LIST "token/List"

#endif
