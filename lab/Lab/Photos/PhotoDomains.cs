using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Photos;

/// <summary>
/// Three domains to tune on and seven to report. The pre-training of an ImageNet network has classes of the three to
/// tune on (ants, bees, daisies); of the others it has some fruit and vegetables.
/// </summary>
internal static class PhotoDomains
{
    public static IReadOnlyList<PhotoDomain> All { get; } =
    [
        new(
            "steel",
            "defects of hot-rolled steel",
            PhotoRole.Tuning,
            "siddhartamukherjee/NEU-DET-Steel-Surface-Defect-Detection",
            "351bee21b56bbf97a1e1d18262bceb202eb7ef41",
            "none stated",
            "NEU surface defect database (Song and Yan, 2013)",
            140,
            60,
            "d1c88b26b867a35236f244ee3e16554d663a7c06cc8bf3325a67dce1fe43e092",
            [
                new("crazing", "IMAGES/crazing_"),
                new("inclusion", "IMAGES/inclusion_"),
                new("patches", "IMAGES/patches_"),
                new("pitted_surface", "IMAGES/pitted_surface_"),
                new("rolled-in_scale", "IMAGES/rolled-in_scale_"),
                new("scratches", "IMAGES/scratches_"),
            ]
        )
        {
            Sizes = [2, 3, 6],
        },
        new(
            "flowers",
            "garden flowers",
            PhotoRole.Tuning,
            "martinwestin/flower_classification",
            "c169e7e4038bc0e0e2fe80090b6dc8919539816f",
            "none stated",
            "Flowers Recognition (Mamaev, Kaggle)",
            140,
            60,
            "f202cdeeb9b06ec4344c280a74d90a767cfb036c1d9f5e33a8b84143a7db0027",
            [
                new("daisy", "flowers/daisy/"),
                new("dandelion", "flowers/dandelion/"),
                new("rose", "flowers/rose/"),
                new("sunflower", "flowers/sunflower/"),
                new("tulip", "flowers/tulip/"),
            ]
        )
        {
            Sizes = [2, 3, 5],
        },
        new(
            "insects",
            "ants and bees",
            PhotoRole.Tuning,
            "zhangtao7750/syn",
            "f0503091488f67b6809a6da2eaa43c25f2f277fc",
            "none stated",
            "hymenoptera_data of PyTorch's tutorial on transfer learning",
            130,
            60,
            "08c0abbe032428e15526dee99a58386bf1027450223f3db4cbe795d9af175d2b",
            [
                new("ants", "hymenoptera_data/train/ants/", "hymenoptera_data/val/ants/"),
                new("bees", "hymenoptera_data/train/bees/", "hymenoptera_data/val/bees/"),
            ]
        )
        {
            Sizes = [2],
        },
        new(
            "tiles",
            "defects of magnetic tiles",
            PhotoRole.Reported,
            "abin24/Magnetic-tile-defect-datasets.",
            "cc4eb530b57b9cb7225bf76023873043ffd50655",
            "'It is welcomed to use our dataset', with a citation",
            "the repository's own (Huang, Qiu, Yuan, 2018)",
            55,
            30,
            "1c6f45d56c4b3ffce168a2059a3b9efa1e96f0bb5a0f859e4ea9cc4bb84cc273",
            [
                new("blowhole", "MT_Blowhole/Imgs/"),
                new("break", "MT_Break/Imgs/"),
                new("free", "MT_Free/Imgs/"),
                new("uneven", "MT_Uneven/Imgs/"),
            ]
        )
        {
            Sizes = [2, 2, 3, 4],
            Endings = [".jpg"], // the masks beside the photos are .png
        },
        new(
            "signs",
            "hands that sign digits",
            PhotoRole.Reported,
            "ardamavi/Sign-Language-Digits-Dataset",
            "4b09433ef9d5c60602e8805bb54b8aa2428527f8",
            "Apache-2.0",
            "the repository's own (Mavi, 2020)",
            140,
            60,
            "676a61ea1583482d761ec2b5fff30541d87ce71b7cb598f3ebb80cf3ab456899",
            [
                new("0", "Dataset/0/"),
                new("1", "Dataset/1/"),
                new("2", "Dataset/2/"),
                new("3", "Dataset/3/"),
                new("4", "Dataset/4/"),
                new("5", "Dataset/5/"),
                new("6", "Dataset/6/"),
                new("7", "Dataset/7/"),
                new("8", "Dataset/8/"),
                new("9", "Dataset/9/"),
            ]
        )
        {
            Sizes = [2, 3, 5, 5, 10],
        },
        new(
            "xray",
            "chests in X-ray",
            PhotoRole.Reported,
            "muhammedtalo/COVID-19",
            "ee3e2cffc0824711bed675275506b26f19be7198",
            "none stated",
            "covid-chestxray-dataset (Cohen, 2020) and ChestX-ray8 (Wang and others, 2017)",
            80,
            40,
            "b5bdbc521adc42053313bb1e429bec2be95d051ccf32e4401a561d960f13d234",
            [
                new("covid-19", "X-Ray Image DataSet/Covid-19/"),
                new("no-findings", "X-Ray Image DataSet/No_findings/"),
                new("pneumonia", "X-Ray Image DataSet/Pneumonia/"),
            ]
        )
        {
            Sizes = [2, 2, 3],
        },
        new(
            "waste",
            "waste to sort",
            PhotoRole.Reported,
            "JMadiedo/RecycleNet",
            "cdb27a51c2a1e627cd4b540a82ef81ab0543c6db",
            "none stated; that of the original is MIT",
            "TrashNet (Yang and Thung, 2016)",
            90,
            45,
            "c3a223d864ffb10b7b51934dd8b216a920cb8e044c84e672474d55e9b231ce0a",
            [
                new("cardboard", "data/dataset-resized/cardboard/"),
                new("glass", "data/dataset-resized/glass/"),
                new("metal", "data/dataset-resized/metal/"),
                new("paper", "data/dataset-resized/paper/"),
                new("plastic", "data/dataset-resized/plastic/"),
                new("trash", "data/dataset-resized/trash/"),
            ]
        )
        {
            Sizes = [2, 3, 4, 5, 6],
        },
        new(
            "textures",
            "textures named by adjectives",
            PhotoRole.Reported,
            "pan8915/DeepTexture",
            "522f46f683af11e93673bff29f81df14f49edfb2",
            "none stated",
            "a part of the Describable Textures Dataset (Cimpoi and others, 2014)",
            80,
            40,
            "80701c2d6a4e02400eef9b715784ce24280a8b18c87254ee6ff9dca4a59d2c7c",
            [
                new("banded", "images/banded/"),
                new("blotchy", "images/blotchy/"),
                new("braided", "images/braided/"),
                new("bubbly", "images/bubbly/"),
                new("bumpy", "images/bumpy/"),
                new("chequered", "images/chequered/"),
                new("cobwebbed", "images/cobwebbed/"),
                new("cracked", "images/cracked/"),
                new("crosshatched", "images/crosshatched/"),
                new("crystalline", "images/crystalline/"),
            ]
        )
        {
            Sizes = [2, 3, 5, 5, 10],
        },
        new(
            "seedlings",
            "seedlings of crops and weeds",
            PhotoRole.Reported,
            "sergeyvilov/plant_seedings",
            "fcbfafe3630f7e604ffd45fab3e5dfc3c4e2b8b2",
            "none stated",
            "Plant Seedlings Dataset (Giselsson and others, 2017)",
            100,
            50,
            "05b51f1129fe4e711d8cd5cfef8721b5d80f075dbcc0900a4b7894f8ebad9ba3",
            [
                new("black-grass", "train/Black-grass/"),
                new("charlock", "train/Charlock/"),
                new("cleavers", "train/Cleavers/"),
                new("common-chickweed", "train/Common_Chickweed/"),
                new("common-wheat", "train/Common_wheat/"),
                new("fat-hen", "train/Fat_Hen/"),
                new("loose-silky-bent", "train/Loose_Silky-bent/"),
                new("maize", "train/Maize/"),
                new("scentless-mayweed", "train/Scentless_Mayweed/"),
                new("shepherds-purse", "train/Shepherds_Purse/"),
                new("small-flowered-cranesbill", "train/Small-flowered_Cranesbill/"),
                new("sugar-beet", "train/Sugar_beet/"),
            ]
        )
        {
            Sizes = [2, 3, 5, 10, 12],
        },
        new(
            "groceries",
            "fruit, vegetables and packages in shops",
            PhotoRole.Reported,
            "marcusklasson/GroceryStoreDataset",
            "fc80ba90f803d79d0383df52c5a4ac5de99ff6fc",
            "MIT",
            "the repository's own (Klasson, Zhang, Kjellström, 2019)",
            52,
            26,
            "0dd8d0fb998885ad28990f7c0d0f4bd9593e6460cfe3312205d09924b8fd2930",
            [
                new(
                    "satsumas",
                    "dataset/train/Fruit/Satsumas/",
                    "dataset/val/Fruit/Satsumas/",
                    "dataset/test/Fruit/Satsumas/"
                ),
                new(
                    "royal-gala",
                    "dataset/train/Fruit/Apple/Royal-Gala/",
                    "dataset/val/Fruit/Apple/Royal-Gala/",
                    "dataset/test/Fruit/Apple/Royal-Gala/"
                ),
                new(
                    "granny-smith",
                    "dataset/train/Fruit/Apple/Granny-Smith/",
                    "dataset/val/Fruit/Apple/Granny-Smith/",
                    "dataset/test/Fruit/Apple/Granny-Smith/"
                ),
                new(
                    "pink-lady",
                    "dataset/train/Fruit/Apple/Pink-Lady/",
                    "dataset/val/Fruit/Apple/Pink-Lady/",
                    "dataset/test/Fruit/Apple/Pink-Lady/"
                ),
                new("orange", "dataset/train/Fruit/Orange/", "dataset/val/Fruit/Orange/", "dataset/test/Fruit/Orange/"),
                new(
                    "red-delicious",
                    "dataset/train/Fruit/Apple/Red-Delicious/",
                    "dataset/val/Fruit/Apple/Red-Delicious/",
                    "dataset/test/Fruit/Apple/Red-Delicious/"
                ),
                new(
                    "watermelon",
                    "dataset/train/Fruit/Melon/Watermelon/",
                    "dataset/val/Fruit/Melon/Watermelon/",
                    "dataset/test/Fruit/Melon/Watermelon/"
                ),
                new(
                    "regular-tomato",
                    "dataset/train/Vegetables/Tomato/Regular-Tomato/",
                    "dataset/val/Vegetables/Tomato/Regular-Tomato/",
                    "dataset/test/Vegetables/Tomato/Regular-Tomato/"
                ),
                new(
                    "golden-delicious",
                    "dataset/train/Fruit/Apple/Golden-Delicious/",
                    "dataset/val/Fruit/Apple/Golden-Delicious/",
                    "dataset/test/Fruit/Apple/Golden-Delicious/"
                ),
                new("kiwi", "dataset/train/Fruit/Kiwi/", "dataset/val/Fruit/Kiwi/", "dataset/test/Fruit/Kiwi/"),
                new("banana", "dataset/train/Fruit/Banana/", "dataset/val/Fruit/Banana/", "dataset/test/Fruit/Banana/"),
                new(
                    "conference",
                    "dataset/train/Fruit/Pear/Conference/",
                    "dataset/val/Fruit/Pear/Conference/",
                    "dataset/test/Fruit/Pear/Conference/"
                ),
                new(
                    "vine-tomato",
                    "dataset/train/Vegetables/Tomato/Vine-Tomato/",
                    "dataset/val/Vegetables/Tomato/Vine-Tomato/",
                    "dataset/test/Vegetables/Tomato/Vine-Tomato/"
                ),
                new(
                    "carrots",
                    "dataset/train/Vegetables/Carrots/",
                    "dataset/val/Vegetables/Carrots/",
                    "dataset/test/Vegetables/Carrots/"
                ),
                new("lemon", "dataset/train/Fruit/Lemon/", "dataset/val/Fruit/Lemon/", "dataset/test/Fruit/Lemon/"),
                new(
                    "avocado",
                    "dataset/train/Fruit/Avocado/",
                    "dataset/val/Fruit/Avocado/",
                    "dataset/test/Fruit/Avocado/"
                ),
                new(
                    "cantaloupe",
                    "dataset/train/Fruit/Melon/Cantaloupe/",
                    "dataset/val/Fruit/Melon/Cantaloupe/",
                    "dataset/test/Fruit/Melon/Cantaloupe/"
                ),
                new(
                    "arla-natural-yoghurt",
                    "dataset/train/Packages/Yoghurt/Arla-Natural-Yoghurt/",
                    "dataset/val/Packages/Yoghurt/Arla-Natural-Yoghurt/",
                    "dataset/test/Packages/Yoghurt/Arla-Natural-Yoghurt/"
                ),
                new(
                    "yellow-onion",
                    "dataset/train/Vegetables/Onion/Yellow-Onion/",
                    "dataset/val/Vegetables/Onion/Yellow-Onion/",
                    "dataset/test/Vegetables/Onion/Yellow-Onion/"
                ),
                new("peach", "dataset/train/Fruit/Peach/", "dataset/val/Fruit/Peach/", "dataset/test/Fruit/Peach/"),
            ]
        )
        {
            Sizes = [2, 5, 10, 15, 20],
        },
    ];

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static PhotoDomain Find(string name) =>
        All.FirstOrDefault(domain => domain.Name == name)
        ?? throw new UsageException(
            $"There is no domain '{name}': give one of {string.Join(", ", All.Select(domain => domain.Name))}."
        );
}
